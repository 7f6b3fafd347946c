"""Which bodies a student writes, component by component, in the order of learning, and which are given: the table that the edition and the checks share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """One function or method: module "minbert.attention", name "MultiHeadAttention.forward"."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module.replace('.', '/')}.py: {self.name}"


def _in(module: str, *names: str) -> tuple[Body, ...]:
    return tuple(Body(module, name) for name in names)


BODIES: dict[str, tuple[Body, ...]] = {
    "feed_forward": _in("minbert.feed_forward", "gelu", "FeedForward.forward"),
    "attention": _in("minbert.attention", "attention_bias", "formula_attention", "MultiHeadAttention.split_heads", "MultiHeadAttention.merge_heads",
                     "MultiHeadAttention.forward"),
    "add_norm": _in("minbert.layer", "add_norm"),
    "layer": _in("minbert.layer", "EncoderLayer.forward"),
    "embeddings": _in("minbert.embeddings", "Embeddings.normalised", "Embeddings.forward"),
    "model": _in("minbert.bert", "Pooler.forward", "Bert.walk"),
    "adamw": _in("optim.adamw", "moving_averages", "bias_corrections", "course_update", "torch_update", "AdamW.step"),
    "schedules": _in("optim.schedules", "linear"),
    "pooling": _in("tasks.pooling", "masked_mean", "masked_max"),
    "pairs": _in("tasks.pairs", "combine"),
    "heads": _in("tasks.heads", "LinearHead.forward"),
    "losses": _in("tasks.losses", "cross_entropy", "binary_cross_entropy", "squared_error"),
    "metrics": _in("tasks.metrics", "accuracy", "pearson"),
    "samplers": _in("tasks.samplers", "lock_step", "shuffled"),
    "divergences": _in("regularizers.divergences", "symmetric_categorical", "categorical", "symmetric_bernoulli", "bernoulli", "squared_error"),
    "smart": _in("regularizers.smart", "project", "perturbation", "Smart.__call__"),
    "bregman": _in("regularizers.bregman", "bregman_term", "follow", "momentum"),
    "pcgrad": (*_in("optim.pcgrad", "pcgrad_weights", "merged_weights", "pcgrad"), *_in("optim.surgery", "steps_along", "gse_merges", "PCGrad.pc_backward")),
}
# What an edition brings along whole: nobody has to write it, and whoever changes it gets a diagnosis all the same.
READY: dict[str, tuple[Body, ...]] = {
    "cosine_heads": (*_in("tasks.cosine_heads", "cosine", "CosineHead.forward", "CosineFeatureHead.forward", "CosineEmbeddingHead.forward"),
                     *_in("tasks.cosine_loss", "cosine_embedding")),
    "pair_order": (*_in("tasks.encoding", "encode_split", "_assembled"), *_in("tasks.batching", "collate"), *_in("tasks.streams", "BatchStream.__init__"),
                   *_in("tasks.evaluate", "evaluate")),
    "gradvac": _in("optim.gradvac", "gradvac", "_vaccinate"),
    "surgery_updates": _in("tasks.surgery_updates", "task_gradients", "steps_of", "_projected", "_vaccinated", "_pcgrad", "_gradvac", "_gse", "_summed_twice", "_pcgrad_twice"),
    "smart_mt_dnn": _in("regularizers.smart_mt_dnn", "as_classes", "stable_kl", "detached_symmetric_kl", "SmartMtDnn.__call__", "SmartMtDnn._inner", "SmartMtDnn._outer"),
    "teacher": (*_in("tasks.teacher", "Teacher.__init__", "Teacher.pull", "Teacher.after_update", "Teacher.state_dict"), *_in("regularizers.r_drop", "RDrop.__call__")),
    "sampling_plans": _in("tasks.sampling_plans", "probabilities", "annealed_alpha", "own_steps", "round_robin", "proportional", "annealed"),
    "adapters": (*_in("minbert.adapters", "projected_attention", "Pals.forward", "LowRank.forward", "AdaptedLayer.forward", "beside_each", "start_at_zero"),
                 *_in("minbert.task_adapters", "TaskAdapters.of", "train_norms_alone"), *_in("minbert.top_attention", "TopAttention.forward")),
    "sharing": (*_in("minbert.sharing", "SharedEncoder._new_tower", "SharedEncoder._without_towers", "SharedEncoder._path", "Static.train"),
                *_in("minbert.side_by_side", "joined", "SideBySide.embed", "SideBySide.encode", "SideBySide.walk", "SideBySide._split")),
    "extra_data": (*_in("tasks.extra_data", "read_extra", "_reason", "_label", "_mapped", "_scaled", "_without_overlap"), *_in("tasks.overlap", "fingerprint")),
    "ensemble": (*_in("tasks.ensemble", "joined", "mean_of", "answers", "greedy", "_probabilities", "_votes"),
                 *_in("tasks.ensemble_scale", "scale_of", "standardised", "mean_on_scale")),
    "groups": (*_in("optim.groups", "names_match", "parameter_groups"), *_in("optim.rates", "decay", "ulmfit", "thirds", "Rates.of", "Rates._of_embeddings"),
               *_in("optim.schedules", "slanted_triangular", "Schedule.step", "Schedule._apply")),
    "unfreezing": _in("tasks.unfreezing", "rung", "Unfreezing.begin"),
    "exit_rules": _in("tasks.exit_rules", "log_probabilities", "confidence", "entropy", "agreeing", "ExitRule.__call__", "exit_rule"),
    "cosine_threshold": (*_in("tasks.cosine_threshold", "answers", "best_threshold", "_between", "Threshold.is_constant", "ThresholdHead.forward", "ThresholdHead.tune",
                              "constant_warning"), *_in("tasks.score_epoch", "with_threshold")),
    "joined_pairs": (*_in("minbert.embedding_order", "embed_then_join", "join", "rows_to_embed", "join_rows", "close_up", "halves"),
                     *_in("tasks.joined_path", "JoinedPath.embed", "JoinedPath.onward", "JoinedPath.ready", "JoinedPath._rows", "mask_of", "joined_paths"),
                     *_in("tasks.cross_embedding", "JoinedRows.forward", "PairOfVectors.forward", "CrossAttention.__init__", "CrossAttention.forward")),
    "focus_plan": _in("tasks.focus_plan", "focus_plan", "focus_stages", "focus_work", "joint_work", "unfreezing_work", "cost_of", "affordable_steps"),
    "stage_plan": (*_in("tasks.stage_plan", "StageController._advance", "StageController.steps_left", "StageController.observe", "StageController._expect",
                        "StageController.state_dict", "StageController.load_state_dict", "replay"),
                   *_in("tasks.best_weights", "BestWeights.follow", "BestWeights.keep", "BestWeights.put_back", "BestWeights.state_dict", "BestWeights.load_state_dict")),
    "layer_focus": (*_in("tasks.layer_focus", "focus", "state_after", "stage_one"), *_in("tasks.trainable", "turn_of", "learners", "only", "_let_learn", "_rest")),
    "exits": (*_in("tasks.exits", "OwnPooler.__init__", "OwnPooler.forward", "Exit.forward", "make_exits", "_new_exit", "above", "pooled_by", "last_exit", "walk_exits", "all_exits"),
              *_in("tasks.exit_inference", "leave_early", "_finite", "paths_of", "LeavingEarly.forward", "LeavingEarly._leaves")),
    "exit_training": (*_in("tasks.exit_training", "ExitStep.wanted", "exit_step", "exit_losses", "exit_loss"), *_in("tasks.exit_weights", "exit_weights", "combine_losses"),
                      *_in("tasks.exit_certainty", "Certainty.forward", "certainty_target", "certainty_loss"),
                      *_in("tasks.alternating", "Alternating.at", "Alternating.smart_share", "Alternating.cost")),
    "calibration": (*_in("tasks.calibration", "negative_log_likelihood", "temperature_of", "calibration_error"),
                    *_in("tasks.exit_curve", "Point.saving", "left_at", "logits_at", "fractions", "exit_curve", "_point", "choose_threshold")),
    "relation": _in("tasks.relation", "direction", "relational_features", "RelationalLayer.forward"),
    "simcse": _in("regularizers.simcse", "cosines", "simcse_loss", "two_views", "SimcseHead.forward"),
    "masking": _in("tasks.masking", "each_word", "by_count", "mask_words", "static_masks", "special_ids"),
    "mlm": _in("minbert.mlm", "MaskedWordHead.forward", "MaskedLanguageModel.forward", "MaskedLanguageModel.loss", "head_state"),
}  # fmt: skip
DIAGNOSED = BODIES | READY
