"""Words of practice_paraphrase and practice_similarity: who does what to whom, where and when.

Entries of a line are separated by commas, synonyms of one entry by slashes. Every fifth entry of a line is held out of training
(see chooser.py), so the order inside a line matters.
"""

from __future__ import annotations

from dataclasses import dataclass

from tasks.practice.english import listed

Names = tuple[str, ...]  # one concept: its synonyms, the plainest first


def concepts(text: str) -> tuple[Names, ...]:
    """Read one line of a table: "doctor/physician, boy/lad" -> (("doctor", "physician"), ("boy", "lad"))."""
    return tuple(tuple(entry.split("/")) for entry in listed(text))


@dataclass(frozen=True)
class Verb:
    """One verb in the forms the grammar needs; `participle` is empty where a passive would sound wrong ("was run after")."""

    base: str
    past: str
    participle: str


@dataclass(frozen=True)
class Action:
    """One concept of doing something: its verbs (synonyms), the kinds of thing that can undergo it, and the family it belongs to."""

    verbs: tuple[Verb, ...]
    patients: Names
    family: str
    symmetric: bool = False  # "A met B" says the same as "B met A"

    @property
    def is_social(self) -> bool:
        """Whether doer and sufferer are both people, so that their roles can be swapped."""
        return self.patients == ("person",)


def action(verbs: str, patients: str, family: str, symmetric: bool = False) -> Action:
    """Read an action: verbs as "base past participle" joined by slashes, underscores for spaces, "-" for a missing participle."""
    forms = [tuple("" if word == "-" else word.replace("_", " ") for word in verb.split()) for verb in verbs.split("/")]
    return Action(tuple(Verb(*form) for form in forms), tuple(patients.split()), family, symmetric)


THINGS = {
    "person": concepts("""doctor/physician, boy/lad, girl, policeman/police officer, lawyer/attorney, teacher/schoolteacher, farmer, nurse, baker,
              shopkeeper/storekeeper, gardener, child/kid, driver, painter/artist, tourist/holidaymaker, soldier, waiter, sailor/seaman, judge,
              pilot, writer/author, musician, student/pupil, mechanic, thief/robber, neighbour, clerk, plumber, actor, butcher"""),
    "vehicle": concepts("car/automobile, bicycle/bike, boat, motorcycle/motorbike, lorry/truck, tractor, van, carriage/coach"),
    "food": concepts("cake, soup, pie, sandwich, omelette, pudding/dessert, salad, stew, pizza, curry"),
    "paper": concepts("letter, report, poem, article, essay, map, contract/agreement, diary/journal, book, speech/address"),
    "device": concepts("clock, radio, computer, phone/telephone, lamp, television/TV, watch/wristwatch, camera, piano, sewing machine"),
    "clothes": concepts("coat, shirt, dress/gown, hat, scarf, jacket, uniform, sweater/pullover, suit"),
    "art": concepts("painting/picture, statue/sculpture, vase, photograph/photo, mirror/looking glass, carpet/rug, necklace, bowl"),
    "building": concepts("house, shed, wall, fence, bridge, tower, garage, barn, cottage/cabin"),
}

SOCIAL_ACTIONS = (
    action("chase chased chased/run_after ran_after -", "person", "pursuit"),
    action("thank thanked thanked/express_thanks_to expressed_thanks_to -", "person", "kindness"),
    action("praise praised praised/speak_highly_of spoke_highly_of -", "person", "kindness"),
    action("rescue rescued rescued/save saved saved", "person", "kindness"),
    action("scold scolded scolded/tell_off told_off -/reprimand reprimanded reprimanded", "person", "quarrel"),
    action("greet greeted greeted/say_hello_to said_hello_to -", "person", "kindness"),
    action("help helped helped/assist assisted assisted/give_a_hand_to gave_a_hand_to -", "person", "kindness"),
    action("follow followed followed/trail trailed trailed/go_after went_after -", "person", "pursuit"),
    action("photograph photographed photographed/take_a_picture_of took_a_picture_of -", "person", "portrait"),
    action("embrace embraced embraced/hug hugged hugged/throw_both_arms_around threw_both_arms_around -", "person", "kindness"),
    action("insult insulted insulted/be_rude_to was_rude_to -", "person", "quarrel"),
    action("visit visited visited/pay_a_visit_to paid_a_visit_to -/call_on called_on -", "person", "kindness"),
    action("warn warned warned/give_a_warning_to gave_a_warning_to -", "person", "kindness"),
    action("push pushed pushed/shove shoved shoved", "person", "quarrel"),
    action("interview interviewed interviewed/put_questions_to put_questions_to -", "person", "portrait"),
    action("recognise recognised recognised/identify identified identified", "person", "portrait"),
    action("criticise criticised criticised/find_fault_with found_fault_with -", "person", "quarrel"),
    action("defeat defeated defeated/beat beat beaten/win_against won_against -", "person", "quarrel"),
    action("tease teased teased/make_fun_of made_fun_of -", "person", "quarrel"),
    action("draw drew drawn/sketch sketched sketched/make_a_drawing_of made_a_drawing_of -", "person", "portrait"),
)
SYMMETRIC_ACTIONS = (
    action("argue_with argued_with -/quarrel_with quarrelled_with -", "person", "quarrel", True),
    action("dance_with danced_with -", "person", "kindness", True),
    action("meet met -/have_a_meeting_with had_a_meeting_with -", "person", "kindness", True),
    action("shake_hands_with shook_hands_with -", "person", "kindness", True),
    action("play_chess_with played_chess_with -/have_a_game_of_chess_with had_a_game_of_chess_with -", "person", "kindness", True),
    action("chat_with chatted_with -/have_a_conversation_with had_a_conversation_with -", "person", "kindness", True),
)
OBJECT_ACTIONS = (
    action("repair repaired repaired/mend mended mended/fix fixed fixed", "vehicle device", "craft"),
    action("buy bought bought/purchase purchased purchased", "vehicle device art clothes", "trade"),
    action("steal stole stolen/make_off_with made_off_with -", "vehicle device art clothes", "loss"),
    action("write wrote written/compose composed composed", "paper", "craft"),
    action("demolish demolished demolished/tear_down tore_down torn_down/knock_down knocked_down knocked_down", "building", "loss"),
    action("cook cooked cooked/prepare prepared prepared", "food", "craft"),
    action("eat ate eaten/finish_off finished_off -", "food", "loss"),
    action("clean cleaned cleaned/wash washed washed", "vehicle clothes", "craft"),
    action("find found found/discover discovered discovered/come_across came_across -", "paper device art clothes", "search"),
    action("hide hid hidden/conceal concealed concealed", "paper art clothes", "search"),
    action("lose lost lost/mislay mislaid mislaid", "paper device clothes", "loss"),
    action("break broke broken/smash smashed smashed", "device art", "loss"),
    action("build built built/construct constructed constructed/put_up put_up put_up", "building", "craft"),
    action("read read read/go_through went_through -", "paper", "search"),
    action("tear_up tore_up torn_up/rip_up ripped_up ripped_up", "paper", "loss"),
    action("paint painted painted/put_a_coat_of_paint_on put_a_coat_of_paint_on -", "building vehicle", "craft"),
    action("taste tasted tasted/try tried tried", "food", "search"),
    action("hire hired hired/rent rented rented", "vehicle clothes", "trade"),
    action("inspect inspected inspected/examine examined examined/take_a_close_look_at took_a_close_look_at -", "vehicle building art device", "search"),
    action("damage damaged damaged/do_harm_to did_harm_to -", "vehicle building art", "loss"),
)
PLACES = concepts("""in the park, at the station/at the railway station, outside the bakery/in front of the bakery, in the library, near the bridge/close to the bridge,
         at the market, by the river/beside the river, behind the school/at the back of the school, on the beach, in the courtyard/in the yard,
         under the oak tree/beneath the oak tree, at the airport, in the village hall, on the main street/in the high street, at the harbour/in the port""")
TIMES = concepts("""on Monday, yesterday, at noon/at midday, last week, at dawn/at sunrise, after dinner/after the evening meal, at midnight, over the weekend/at the weekend,
        before lunch/before the midday meal, during the storm/while the storm was raging, on Sunday, in the spring/in springtime, last night,
        on Christmas Eve/on the day before Christmas, at dusk/at nightfall, in the summer""")
PERSON_MODIFIERS = concepts("old/elderly, young/youthful, tall, tired/weary, wealthy/rich, famous/well-known, cheerful/merry, angry/furious, clever/bright, nervous/anxious")
OBJECT_MODIFIERS = concepts("small/little, large/big, old, new/brand-new, expensive/costly, red, strange/odd, beautiful/lovely, heavy, tiny")
