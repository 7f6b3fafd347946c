"""Which components a training command puts together: all that every run needs, and of the rest those that its recipes ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from minbert.errors import UserError
from tasks.recipe import built_in_recipes, load_recipe
from tasks.recipe_settings import Recipe

# component -> whether a recipe uses it; components that are not here are part of every run
ADVANCED: dict[str, Callable[[Recipe], bool]] = {
    "divergences": lambda recipe: recipe.regularizer.name in ("smart", "r-drop") or recipe.bregman.weight > 0,
    "smart": lambda recipe: recipe.regularizer.name == "smart",
    "bregman": lambda recipe: recipe.bregman.weight > 0,
    "pcgrad": lambda recipe: recipe.update.name in ("pcgrad", "pcgrad-twice", "gse"),
}


def needed(components: Iterable[str], argv: Sequence[str]) -> list[str]:
    """Those of `components` that the command line `argv` puts together; what cannot be read here is the command's own to refuse."""
    recipes = recipes_in(argv)
    return [name for name in components if name not in ADVANCED or any(ADVANCED[name](recipe) for recipe in recipes)]


def recipes_in(argv: Sequence[str]) -> list[Recipe]:
    """The recipes that `argv` names, with its --set changes; the practice recipe when it names none."""
    changes = [after for before, after in zip(argv, argv[1:]) if before == "--set"]
    changes += [word.removeprefix("--set=") for word in argv if word.startswith("--set=")]
    named = [word for word in argv if word in built_in_recipes() or word.endswith(".toml")]
    found = []
    for name in named or ["practice"]:
        try:
            found.append(load_recipe(name, changes))
        except UserError:
            pass  # the command says it better, and says it next
    return found
