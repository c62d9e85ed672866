"""Where bodies lie whose official name does not say so: what people write behind it, „Marburg (Lahn)“, „Fürth/Odenwald“.

One by one and not by Kreis: the Kreis Bergstraße reaches the Neckar, but „Zwingenberg (Neckar)“ is a town in Baden. Left out
is what somebody else is called as well: „Breitscheid (Westerwald)“ lies in Rheinland-Pfalz.
"""

import re
from functools import lru_cache

from municipalities.register_names import fold_letters

# The town that one lies near to needs its „bei“: „Münster/Dieburg“ would be two towns.
BODIES_AT = {
    "Bergstraße": "Alsbach-Hähnlein|Bickenbach|Seeheim-Jugenheim",
    "bei Dieburg": "Münster",
    "Diemel": "Liebenau|Trendelburg",
    "Dill": "Aßlar|Dillenburg|Ehringshausen|Haiger|Herborn|Sinn",
    "Eder": "Felsberg|Fritzlar",
    "Edersee": "Vöhl|Waldeck",
    "Kinzig": "Gelnhausen|Langenselbold|Schlüchtern|Wächtersbach",
    "Knüll": "Neukirchen|Oberaula|Schwarzenborn",
    "Lahn": "Biedenkopf|Cölbe|Fronhausen|Gießen|Leun|Löhnberg|Lollar|Marburg|Runkel|Solms|Villmar|Weilburg|Wetzlar",
    "Lumda": "Rabenau|Staufenberg",
    "Main": "Bischofsheim|Großkrotzenburg|Hainburg|Hanau|Kelsterbach|Maintal|Raunheim|Seligenstadt",
    "Neckar": "Neckarsteinach",
    "Odenwald": "Abtsteinach|Bad König|Birkenau|Brensbach|Breuberg|Brombachtal|Erbach|Fischbachtal|Fränkisch-Crumbach|Fürth"
    "|Gorxheimertal|Grasellenbach|Groß-Bieberau|Groß-Umstadt|Lindenfels|Lützelbach|Michelstadt|Modautal|Mörlenbach|Mossautal"
    "|Mühltal|Oberzent|Otzberg|Reinheim|Rimbach|Wald-Michelbach",
    "Rhein": "Geisenheim|Gernsheim|Lampertheim|Lorch|Oestrich-Winkel|Walluf|Wiesbaden",
    "Rheingau": "Eltville|Geisenheim|Kiedrich|Lorch|Oestrich-Winkel|Rüdesheim|Walluf",
    "Rhön": "Dipperz|Ebersburg|Hilders|Hofbieber|Hünfeld|Kalbach|Nüsttal",
    "Spessart": "Bad Orb|Biebergemünd|Flörsbachtal|Jossgrund|Linsengericht",
    "Taunus": "Aarbergen|Bad Camberg|Bad Schwalbach|Eppstein|Friedrichsdorf|Glashütten|Grävenwiesbach|Heidenrod|Hohenstein"
    "|Hünstetten|Idstein|Neu-Anspach|Niedernhausen|Schlangenbad|Taunusstein|Usingen|Waldems|Wehrheim|Weilmünster|Weilrod",
    "Vogelsberg": "Birstein|Gedern|Laubach|Schotten",
    "Werra": "Bad Sooden-Allendorf|Eschwege|Herleshausen|Wanfried|Witzenhausen",
    "Weser": "Bad Karlshafen",
    "Westerwald": "Driedorf|Elbtal|Greifenstein|Hadamar|Mengerskirchen|Merenberg",
}
PLACES_OF: dict[str, list[str]] = {}
for place, names in BODIES_AT.items():
    for name in names.split("|"):
        PLACES_OF.setdefault(fold_letters(name), []).append(place)


@lru_cache(maxsize=2_000)
def places_of(name: str) -> list[str]:
    """Of a body by its official name: Marburg, Universitätsstadt; Münster (Hessen); Eltville am Rhein, Stadt."""
    return PLACES_OF.get(fold_letters(re.split(r",| \(Hessen\)| am Rhein", name)[0]), [])
