"""Places as other languages write them, where English has its own name and hardly ever theirs."""

from __future__ import annotations

_ROWS = """
de selenskyj=Zelensky gorbatschow=Gorbachev chruschtschow=Khrushchev schoigu=Shoigu
de dschingis=Genghis tschaikowski=Tchaikovsky tschaikowsky=Tchaikovsky dostojewski=Dostoevsky tolstoj=Tolstoy
de schewardnadse=Shevardnadze breschnew=Brezhnev puschkin=Pushkin solschenizyn=Solzhenitsyn chomeini=Khomeini
fr eltsine=Yeltsin kadhafi=Gaddafi gorbatchev=Gorbachev khrouchtchev=Khrushchev brejnev=Brezhnev tchaïkovski=Tchaikovsky
fr dostoïevski=Dostoevsky tolstoï=Tolstoy pouchkine=Pushkin staline=Stalin lénine=Lenin
nl poetin=Putin gorbatsjov=Gorbachev chroesjtsjov=Khrushchev tsjaikovski=Tchaikovsky poesjkin=Pushkin
es gadafi=Gaddafi gorbachov=Gorbachev jruschov=Khrushchev chaikovski=Tchaikovsky netanyahú=Netanyahu
pl zełenski=Zelensky ławrow=Lavrov szojgu=Shoigu jelcyn=Yeltsin gorbaczow=Gorbachev chruszczow=Khrushchev
hu putyin=Putin zelenszkij=Zelensky jelcin=Yeltsin gorbacsov=Gorbachev hruscsov=Khrushchev
de moskau=Moscow kiew=Kyiv charkiw=Kharkiv lwiw=Lviv cherson=Kherson saporischschja=Zaporizhzhia mariupol'=Mariupol
de tschernobyl=Chernobyl tschetschenien=Chechnya warschau=Warsaw lissabon=Lisbon kopenhagen=Copenhagen
de brüssel=Brussels genf=Geneva mailand=Milan neapel=Naples venedig=Venice peking-stadt=Beijing teheran=Tehran
de bagdad=Baghdad damaskus=Damascus russland=Russia frankreich=France griechenland=Greece türkei=Turkey
de großbritannien=Britain schweden=Sweden norwegen=Norway dänemark=Denmark finnland=Finland belgien=Belgium
de italien=Italy spanien=Spain österreich=Austria ungarn=Hungary rumänien=Romania bulgarien=Bulgaria serbien=Serbia
de kroatien=Croatia slowenien=Slovenia slowakei=Slovakia tschechien=Czechia litauen=Lithuania lettland=Latvia
de estland=Estonia weißrussland=Belarus georgien=Georgia armenien=Armenia aserbaidschan=Azerbaijan kasachstan=Kazakhstan
de ägypten=Egypt marokko=Morocco tunesien=Tunisia libyen=Libya syrien=Syria jordanien=Jordan indien=India
de brasilien=Brazil argentinien=Argentina mexiko=Mexico kolumbien=Colombia  japanisch=Japanese
fr moscou=Moscow varsovie=Warsaw bruxelles=Brussels londres=London lisbonne=Lisbon copenhague=Copenhagen
fr pékin=Beijing athènes=Athens genève=Geneva téhéran=Tehran damas=Damascus russie=Russia allemagne=Germany
fr espagne=Spain italie=Italy grèce=Greece turquie=Turkey suède=Sweden norvège=Norway danemark=Denmark
fr finlande=Finland belgique=Belgium pologne=Poland hongrie=Hungary roumanie=Romania bulgarie=Bulgaria serbie=Serbia
fr croatie=Croatia slovénie=Slovenia tchéquie=Czechia lituanie=Lithuania lettonie=Latvia estonie=Estonia
fr biélorussie=Belarus tchétchénie=Chechnya tchernobyl=Chernobyl algérie=Algeria égypte=Egypt maroc=Morocco
fr tunisie=Tunisia libye=Libya syrie=Syria jordanie=Jordan brésil=Brazil mexique=Mexico argentine=Argentina
es moscú=Moscow varsovia=Warsaw bruselas=Brussels londres=London copenhague=Copenhagen pekín=Beijing ginebra=Geneva
es teherán=Tehran rusia=Russia ucrania=Ukraine alemania=Germany francia=France suecia=Sweden noruega=Norway
es dinamarca=Denmark finlandia=Finland bélgica=Belgium polonia=Poland hungría=Hungary rumania=Romania
es croacia=Croatia eslovenia=Slovenia eslovaquia=Slovakia chequia=Czechia lituania=Lithuania letonia=Latvia
es bielorrusia=Belarus turquía=Turkey egipto=Egypt marruecos=Morocco túnez=Tunisia siria=Syria jordania=Jordan
es japón=Japan corea=Korea brasil=Brazil estambul=Istanbul chernóbil=Chernobyl
pt moscovo=Moscow varsóvia=Warsaw bruxelas=Brussels pequim=Beijing genebra=Geneva teerão=Tehran teerã=Tehran
pt rússia=Russia ucrânia=Ukraine alemanha=Germany frança=France suécia=Sweden polônia=Poland polónia=Poland
pt grécia=Greece turquia=Turkey egito=Egypt marrocos=Morocco síria=Syria japão=Japan coreia=Korea londres=London
it mosca=Moscow varsavia=Warsaw londra=London parigi=Paris ginevra=Geneva pechino=Beijing lisbona=Lisbon
it ucraina=Ukraine svezia=Sweden norvegia=Norway danimarca=Denmark finlandia=Finland polonia=Poland ungheria=Hungary
it croazia=Croatia turchia=Turkey egitto=Egypt marocco=Morocco giappone=Japan brasile=Brazil francia=France
pl moskwa=Moscow kijów=Kyiv warszawa=Warsaw rosja=Russia ukraina=Ukraine niemcy=Germany francja=France
nl moskou=Moscow kiev-stad=Kyiv rusland=Russia oekraïne=Ukraine duitsland=Germany frankrijk=France griekenland=Greece
nl turkije=Turkey zweden=Sweden noorwegen=Norway polen=Poland hongarije=Hungary
sv moskva=Moscow ryssland=Russia tyskland=Germany frankrike=France storbritannien=Britain
"""

NAMESAKES = frozenset(
    """damas argentine cherson brasil corea polen lituania finlandia rumania francia mosca ukraina warszawa
    moskva""".split()
)
"""Also surnames, names of firms, ships and clubs, or how the place writes itself in English."""


def _table() -> dict[str, tuple[str, str]]:
    out: dict[str, tuple[str, str]] = {}
    for row in _ROWS.split("\n"):
        language, *pairs = row.split() or [""]
        for pair in pairs:
            foreign, _, english = pair.partition("=")
            if foreign.isalpha() and foreign not in NAMESAKES:
                out.setdefault(foreign, (english, language))
    return out


EXONYMS = _table()
"""The foreign name in small letters, with its accents: the English one and the ISO 639-1 language."""
