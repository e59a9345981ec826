"""Indexes as v1.2 makes them: of engines."""

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.engines import ALLOWED, family, model_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.indexes import check_families, stored


def create_index(call: Call) -> Answer:
    """Stores an index with its engines, and with the models that v1.3 shows for them."""
    engines = [mapping(engine) for engine in elements(call.body.get("engines"))]
    models = [model_of(engine) for engine in engines]
    check_families(models, "engines")
    for engine in engines:
        name = text(engine.get("engine_name"))
        for option in texts(engine.get("engine_options")):
            if option not in (known := ALLOWED[family(name)]):
                message = f"engine_options has {option!r}; {name} has {', '.join(known)} only"
                raise refuse("parameter_invalid", message)
    return stored(call, models, engines)
