"""Closed-class words of 31 languages: the cheapest evidence of which language a sentence is in.

Every sentence of eight words or more holds some of these, whatever it is about, and they are few enough
to write down. The lists were written for this project with wordfreq's lists of frequent words (Speer 2022,
CC BY-SA) at hand; `ENGLISH_FREQUENT` was written after a look at the most frequent words of the corpus that the
language models are built from.
"""

from __future__ import annotations

ENGLISH_CLOSED = """
a an the this that these those i you he she it we they me him her us them my your his its our their mine
yours hers ours theirs myself yourself himself herself itself ourselves themselves who whom whose which
what where when why how am is are was were be been being do does did doing done have has had having will
would shall should can could may might must ought cannot not no nor and or but if unless because although
though while whereas as than so that since until till before after of in to for on at by from with without
within about against between among into onto through throughout during over under above below up down out
off near across behind beyond along around upon toward towards per via despite except like unlike such all
any both each every either neither some none many much more most few less least other another same only own
just also too very even still yet already again always never ever often sometimes usually here there now
then today tomorrow yesterday soon later well rather quite almost perhaps maybe however therefore thus hence
moreover instead otherwise else one two three four five six seven eight nine ten first second third last next
someone anyone everyone nobody something anything everything nothing somebody anybody everybody got get gets
getting go goes going gone went come comes came let make makes made take takes took say says said don t s ll
re ve d m isn aren wasn weren doesn didn won wouldn shouldn couldn hasn haven hadn ain dont cant wont ive
thats didnt doesnt isnt youre theyre yes okay ok oh thou thee thy thine hath doth shalt ye unto ere
"""

ENGLISH_FREQUENT = """
new time year years people day days way man men woman women world life work home house school city country
state states government group company number part place case week month point story fact night money family
friend friends children child name old young good great big small large long high low little best better right
left early late public national local social political economic military private real full free open close
known used called based found including held born played began became became started received served died
lived moved won lost released published established added included gave given show shown shows set put run see
seen saw look looking think thought know feel find want wanted need needs use using help give keep kept try
tried ask asked tell told call leave turn start play move live believe bring happen write wrote written
provide sit stand lose pay paid meet include continue continued learn change lead understand watch follow
stop create speak read allow spend grow walk win offer remember love consider appear buy wait serve die send
expect build stay fall cut reach kill remain suggest raise pass sell require report decide pull head hand
hands eyes face side line end water food room car road street town area south north east west northern
southern eastern western game team season player players match score goal club league cup final coach fans
president minister party police court law war army force forces leader leaders member members election vote
service system program project research study information data issue issues problem problems question
questions answer reason result results change changes market business price prices cost costs bank tax rate
billion million thousand hundred percent half several hot cold red blue green white black water minutes hour
hours oil salt pepper sugar butter flour cup cups tablespoon teaspoon cook add heat pan bowl mix stir chopped
sliced fresh large oven until serve music song songs album film movie book books page video photo news media
website online internet phone app software users user web site content design technology science power energy
health care medical hospital doctor patients drug disease cell cells species gene human body mind heart death
god lord king queen sir lady mother father son daughter brother sister wife husband boy girl baby university
college students student teacher education class training experience example level kind type form order
support development process important different possible able available current recent major main local
simple clear hard easy ready sure true wrong happy sorry thanks thank please hello hi hey lol yeah nice
really actually probably especially particularly likely nearly finally recently certainly simply together
according among following due once twice twice ago away back far near inside outside forward top bottom
center middle front door window table board office staff chief director manager officer general captain
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday american british english german french spanish european chinese indian african
"""

# Frequent and grammatical, so that they do not look like another language's words: West African Pidgin.
PIDGIN = """
dey wey dem una wetin sey dis dat na abi pesin pipo sabi wan fit go don for im am e di tori oga dia make
no get be say how much inside so wen wia witin afta befor becos sake kontri govment moni dia dose plenti
"""

# In a sentence any of these makes the rest Pidgin, not Italian ("di"), Polish ("na") or Spanish ("una").
PIDGIN_MARKERS = "dey wey wetin sey pesin pipo wen wia kontri oga dem dis dat tok abi tori govment"

LATIN: dict[str, str] = {
    "de": """der die das und ist nicht ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch ihnen ein
        eine einen einem einer eines kein keine keinen mein meine dein sein seine seinen seiner ihre ihren
        ihrer unser unsere dieser diese dieses diesen diesem den dem des zu zum zur von vom mit auf für im
        in an am aus bei beim nach vor über unter zwischen durch gegen ohne um seit bis während wegen auch
        noch nur schon sehr mehr wie als wenn dass daß weil ob oder aber denn doch sondern so dann da hier
        wo was wer war waren wird werden wurde wurden hat haben hatte hatten sind bin bist sei kann können
        konnte muss müssen soll sollen will wollen darf habe hast ja nein nichts man sich alle alles viel
        viele immer wieder jetzt heute gibt einmal hatte würde damit darüber dabei gegenüber bereits fast""",
    "fr": """le la les un une des du de et est en que qui quoi dont où dans pour par sur avec sans sous ce
        cet cette ces il elle ils elles je tu nous vous on se me te lui leur leurs mon ma mes ton ta tes son
        sa ses notre nos votre vos ne pas plus moins très bien mais ou donc or ni car si comme quand aussi
        même être avoir sont était étaient été ont avait avaient sera fait faire peut peuvent doit tout
        tous toute toutes au aux y c d l n s j qu entre depuis pendant avant après chez vers contre encore
        toujours jamais alors ainsi cela ça ici là deux selon lorsque afin plusieurs chaque autre autres""",
    "es": """el la los las un una unos unas de del y e o u que en a al por para con sin sobre entre hasta
        desde hacia según durante contra es son era eran fue fueron ser está están estaba ha han había he
        hay no sí se me te le les lo nos su sus mi mis tu tus este esta estos estas ese esa eso aquel como
        cuando donde quien cual más menos muy también pero sino porque si ya ni aunque mientras todo toda
        todos todas otro otra otros cada así bien ahora después antes dos uno tiene tienen puede pueden
        hace nuestro nuestra aún sólo solo tanto mismo misma tras yo él ella ellos esto qué cómo""",
    "pt": """o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para com
        sem sobre entre até desde e ou mas que se não sim é são era eram foi foram ser está estão estava
        há tem têm tinha ter ele ela eles elas eu você nós lhe lhes me te seu sua seus suas meu minha este
        esta esse essa isso isto aquele ao aos à às como quando onde quem qual mais menos muito também já
        ainda porque todo toda todos todas outro outra cada depois antes dois pode podem só mesmo nem num
        numa deste desta nesta neste apenas assim durante segundo""",
    "it": """il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli alle da
        dal dalla dai dalle in nel nella nei nelle su sul sulla con per tra fra e ed o che chi cui non è
        sono era erano stato stata stati essere ha hanno aveva ho si mi ti ci vi ne se ma come quando dove
        perché anche più meno molto già ancora questo questa questi queste quello quella suo sua suoi loro
        nostro mio ogni tutto tutti tutte altro altri dopo prima senza contro secondo durante fino due io
        lui lei noi voi essi così poi solo sempre può possono fatto deve""",
    "nl": """de het een en van in is op te dat die niet zijn was met voor aan er om als ook maar bij uit
        naar door over ik je hij ze zij we wij u hun haar hem mij me jou ons onze mijn dit deze daar hier
        nog wel al zo dan toch of want omdat toen wat wie waar hoe wordt worden werd werden heeft hebben had
        hadden kan kunnen kon moet moeten zal zullen zou zouden wil willen geen meer veel tot tegen tussen
        onder zonder tijdens volgens sinds alle alles andere eerste twee nu weer altijd zich ben bent""",
    "sv": """och i att det som en ett på är av för med den till inte har de om var från jag han hon vi ni du
        man sig sin sitt sina så men eller när där här hur vad vem vilken kan kommer ska skall skulle vill
        måste hade blev blir bli vara varit efter före under över mellan mot utan genom vid hos också
        bara mycket mer mest många alla allt denna detta dessa någon något några ingen inget redan
        än ju nu då sedan innan eftersom medan dem dig mig oss er vår vårt deras hans hennes""",
    "da": """og i at det som en et på er af for med den til ikke har de om var fra jeg han hun vi man sig
        sin sit sine så men eller når der her hvor hvad hvem kan vil skal skulle ville måtte havde blev
        bliver blive være været efter før under over mellem mod uden gennem ved hos også kun meget mere
        mest mange alle alt denne dette disse nogen noget nogle ingen allerede end jo nu da siden fordi
        mens dem dig mig os jer vores deres hans hendes af ind op ud""",
    "no": """og i å at det som en et på er av for med den til ikke har de om var fra jeg han hun vi man seg
        sin sitt sine så men eller når der her hvor hva hvem kan vil skal skulle ville måtte hadde ble
        blir bli være vært etter før under over mellom mot uten gjennom ved hos også bare mye mer mest
        mange alle alt denne dette disse noen noe ingen allerede enn jo nå da siden fordi mens dem deg meg
        oss deres hans hennes inn opp ut""",
    "fi": """ja on ei että se oli mutta ole kun niin myös hän jos ovat voi nyt sen kuin tai en joka olla sitä
        mitä vain kanssa tämä sitten kaikki olisi ollut vielä siitä ne sekä jälkeen mukaan paljon pitää
        hänen koska eivät koko kuitenkin vaikka mikä ennen jotka jossa tämän eikä siis sillä ehkä itse
        tehdä jotain siinä jonka kuten miksi kaksi taas enää joku siihen tästä he joten tätä vastaan
        minä sinä me te minun olen olemme heidän mukana aikana välillä ilman yli alle sillä niiden""",
    "pl": """i w na z do nie się to jest że o jak a ale co tak za od po dla tym czy przez tego są ma tylko już
        ze może oraz bardzo będzie był była było były być jego jej ich by sobie mam jeśli też jeszcze
        który która które którzy których jako kiedy nawet teraz pod przy przed między nad bez lub albo więc
        gdy gdzie tej tych ten ta te jednak również także niż ponieważ podczas przeciwko według u ja ty on
        ona my wy oni mnie mu nam nas wszystko wszystkie można swoje swój po roku dwa""",
    "cs": """a v na se je to že s z do i o si jsem jsou byl byla bylo byly být není ale tak jako jak po od
        pro za by už ve k ke který která které kteří když jen nebo bude má mají jeho její jejich aby než
        ještě také při před mezi pod nad bez podle proti protože pokud co kdo kde ten ta ty toho tom tím
        tento této těchto však již více jsme jste mi mě nám nás vám oni my své svůj velmi ani pak dva""",
    "sk": """a v na sa je to že s z do i o si som sú bol bola bolo boli byť nie ale tak ako po od pre za by už
        vo k ku ktorý ktorá ktoré ktorí keď len alebo bude má majú jeho jej ich aby než ešte aj tiež pri
        pred medzi pod nad bez podľa proti pretože ak čo kto kde ten tá tie toho tom tým tento tejto však
        viac sme ste mi ma nám nás oni my svoje svoj veľmi ani potom dva""",
    "hu": """a az és nem hogy egy is de meg csak ha van volt ez vagy már még én kell ki azt most akkor mint
        ezt minden mert nagyon így olyan itt mi sem lesz lehet majd be nincs aki két után ne amikor ami
        több pedig mindig nekem amit szerint között alatt által miatt más valami arra ezért vannak ahol
        át ezek akik amely ők ő ön mely vissza fel el le sok utolsó első való voltak lett""",
    "ro": """de și şi în la a să că nu o cu pe din un pentru este sunt era au a fost care ce mai am ai se
        dar sau ca dacă când unde cum după prin fără între până despre asupra lui ei lor său sa sale
        acest această aceste acestui cel cea cei cele al ale unei unui fi va vor poate doar foarte tot
        toate toți fiecare nici deja încă eu tu el ea noi voi îi îl le iar către împotriva timpul""",
    "hr": """i je u na da se za su od a s sa iz do o po ne nije nisu bio bila bilo bili biti će ćemo bi kao
        što ali ili samo još već kada kad gdje gde kako koji koja koje kojih jer ako te pa ni prema kod
        između pred pod nad bez protiv zbog nakon tijekom tokom ovo to taj ta ovaj ova ove njegov njihov
        svoj svoje mi vi oni ona on ja ti mu joj im ih ga nas sve svi više može mogu ima imaju bih""",
    "sl": """in je v na da se za so od s z iz do o po ne ni niso bil bila bilo bili biti bo bodo bi kot kaj
        ali samo še že ko kje kako ki ker če pa proti pri med pred pod nad brez zaradi ta to te tega tem
        njegov njihov svoj svoje mi vi oni ona on jaz ti mu jih ga nas vse vsi več lahko ima imajo tudi
        sem smo ste kjer kateri katera ob tako""",
    "tr": """ve bir bu için ile de da çok ne daha en gibi olarak her kadar olan ben sen o biz siz onlar var
        yok ama sonra önce ki değil ise mi mı mu mü ya veya hem çünkü ancak bile nasıl neden şey böyle
        diye göre tarafından olduğunu olduğu oldu olacak edildi etti eden kendi bunu bunun onun beni
        bana sana tüm bütün bazı hiç artık şimdi üzere karşı arasında içinde üzerinde dedi ediyor vardı
        olmak olan yeni büyük iki ilk""",
    "id": """yang dan di ini dari untuk dengan itu tidak akan adalah dalam pada ke juga oleh saya kami kita
        anda dia mereka ia atau tetapi tapi karena jika bahwa sebagai telah sudah belum masih bisa dapat
        harus ada menjadi lebih sangat banyak semua seperti saat ketika setelah sebelum kepada tentang
        tersebut hanya lagi para secara antara namun sejak bagi tanpa selama tak bukan kalau apa siapa
        seorang sebuah satu dua kerana boleh daripada""",
    "vi": """và là có của được một các không cho người này với ở đã thể để như những đến khi làm sẽ từ ra
        tại về vào đó cũng lại chỉ bị phải trong trên sau nhưng rất đi vì nó cần nhiều đang nếu trước
        tôi chúng ông bà anh chị em họ gì nào năm ngày theo thì mà còn hơn nhất nên do bởi""",
    "ca": """el la els les un una uns unes de del dels i o que en a al als per amb sense sobre entre fins des
        és són era eren va van ser està estan ha han havia hi ho no sí es em et li ens us se seu seva seus
        seves aquest aquesta aquests això com quan on qui més menys molt també però perquè si ja ni tot
        tota tots totes altre altres cada així després abans dos mateix pot poden fer nostre durant segons
        l d s n m""",
    "et": """ja on ei et see oli aga ka kui ning mis ta oma või ma sa me te nad siis kes seda veel nii juba
        ainult väga selle kuid pole olnud olla olid saab peab mida kus kuidas sest pärast enne üle alla
        kõik palju rohkem mitte tema nende meie teie minu tagasi kohta vastu vahel ilma jaoks""",
    "lv": """un ir ar par ka no kā uz kas arī vai bet es tā nav to tas ja lai bija ko pēc tikai tad līdz kad
        var jau vēl būs ļoti gan ne savu viņš viņa viņi mēs jūs šis šī šo visi viss būt tiek pret bez
        starp kur tomēr kurš kura kuri pie pirms""",
    "lt": """ir kad į su iš yra tai kaip ar o buvo savo tik bet nuo ne apie taip kai labai dėl per dar gali
        jau po iki jis ji jie bei jei už prie bus nes tačiau arba daug būti kas prieš tarp kur kuris kuri
        kurie mes jūs aš šis ši šio visi be pagal jo jos jų""",
    "sq": """dhe në të e i një për me nga që është janë ishte ishin ka kanë kishte do nuk si më por ose se kjo
        ky këto këtë tij saj tyre ne ju ata ajo ai mund duhet edhe vetëm shumë gjithë pas para nën mbi
        ndaj deri kur ku çdo u""",
    "af": """die en van in is nie het wat om te met vir hy sy ek jy ons hulle dit op aan as maar ook sal kan
        moet was word by uit na oor tot deur dat nog net baie geen hierdie daardie sou haar hom my jou
        julle waar hoe toe want""",
    "tl": """ang ng sa na mga at ay isang hindi ito ko kung may ni si ako pa para mula siya mo pag kanyang
        lang naman niya lahat ano rin ka dahil din upang nila wala sila mas pero nang isa ba bilang kay
        ngayon mag nito namin natin kami tayo kayo nasa noong""",
    "sw": """na ya wa kwa ni katika la za cha vya hii hiyo huyo yake wake zao lakini kama au pia kuwa
        alikuwa walikuwa ambao ambaye ambayo hakuna sana baada kabla yangu wetu yetu hivyo kwamba watu""",
}

# The letters that decide between languages of one script; the first that occurs wins, else the default.
LETTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "Cyrillic": (
        ("uk", "іїєґ"),
        ("be", "ў"),
        ("mk", "ѓќѕ"),
        ("sr", "ђћљњџј"),
        ("kk", "әғқңөұүһ"),
        ("ru", "ыэё"),
    ),
    "Arabic": (("ur", "ٹڈڑےں"), ("ps", "ټډړښ"), ("fa", "پچژگیک")),
    "Devanagari": (("mr", "ळ"),),
}

CYRILLIC: dict[str, str] = {
    "ru": "и в не на что он как это по из у за от так же но вы бы мы его для о к с все был была было если",
    "bg": "и в не на че е се за от да са с по как това но при като към или ще беше са бе който която още",
    "uk": "і в не на що він як це по із у за від так же але ви би ми його для до з та є був була якщо",
    "sr": "и у не на да је се за од са су по као што али или ће био била који која још",
}

# On one of the lists above, and an English word, abbreviation or bare letter too: such a word adds to its
# language's tally, but never speaks for it alone.
ALSO_ENGLISH = """
um net non co com pre al et word fast met plus sale ci ya io pro ha mir le bus lang pot em lor era wat ben
ma wake dan un ca bin ai eu den pe lo ne mere sin ho van va bet ed noi pa ty pour ton bare tie vain el hat
hast ga bent tot din os op gan dig chi pole ali mon ba kay bi hon fi wa sen alt est solo par hay han ka bio
fins pie ta te li ke num dir dar wo inn ji au wil para isa mu ami mint mod sera dove til tu mai stata jest
ole toe bo fer ar av ay ra sim tad med mas cum mens hun deg hans oli jen ak lei lea me mi mo sans si vi vo
za bu en es sur mini mag rin sat sa se ja je om ok ko ku ki nu so yes da di na una e im don no go wan dat
dem tori was we war will man an in am is die also had nun her for have land under over mine men him as at
are it be to on do may most ten once more per via alma iman late date nature note sense ova noe pod sem tak
tom bolo tout biz outro bile hem sedan nad pendant aga prima ona ces todos sine bei nam tai faire tym deux
mis kde nasa nyt ons
""" + " ".join("abcdefghijklmnopqrstuvwxyz")

# Foreign by their lists, and at home in English text as parts of names and set phrases ("de facto", "von
# Neumann", "vis-à-vis"): never counted as an untranslated word.
NAME_PARTICLES = """
de la le les el los las del della di da do dos das du des dem die van von zu y e et al san ibn bin abu ter
ten te sur sous en ad per pro post ex au aux chez rue il lo gli bis sans par pas nos vos ni ur mon ma mes
vive oui non ja nein avec sera mas est
"""
