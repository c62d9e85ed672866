"""The simplest valid objects; situations are traits. Nothing random."""

import factory
from django.utils import timezone

from municipalities.models import Kind, Municipality


class MunicipalityFactory(factory.django.DjangoModelFactory):
    """A Gemeinde in Kreis 06431 with a key of its own, unless told otherwise."""

    class Meta:
        model = Municipality

    class Params:
        darmstadt = factory.Trait(
            ags="06411000", ars="064110000000", name="Darmstadt, Wissenschaftsstadt", kind=Kind.INDEPENDENT_CITY
        )
        bergstrasse = factory.Trait(ags="06431", ars="06431", name="Bergstraße", kind=Kind.DISTRICT)
        zweckverband = factory.Trait(ags=None, ars="", name="Zweckverband Abwasser", kind=Kind.ASSOCIATION)
        dissolved = factory.Trait(valid_to=timezone.datetime(2022, 12, 31).date())

    ags = factory.Sequence(lambda n: f"06431{n % 900 + 100:03d}")
    ars = factory.LazyAttribute(lambda body: f"{body.ags[:5]}0{body.ags[5:]}{body.ags[5:]}" if body.ags else "")
    name = factory.Sequence(lambda n: f"Musterdorf {n}")
    kind = Kind.MUNICIPALITY
