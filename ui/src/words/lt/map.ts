/** Žemėlapis: mygtukai, paaiškinimai ir kodėl jame nieko nėra. */

import type { map as english } from "../en/map";
import type { Message } from "../message";

export const map: Record<keyof typeof english, Message> = {
  "map.title": "Žemėlapis",
  "map.text":
    "Žemėlapis. Rodyklės jį stumia, pliusas ir minusas keičia mastelį, kablelis ir taškas renkasi ankstesnę ir kitą trajektoriją.",
  "map.zoom_in": "Priartinti",
  "map.zoom_out": "Atitolinti",
  "map.whole": "Rodyti visą rajoną",
  "map.vector": {
    one: "linija: kur bus po {n} min",
    few: "linija: kur bus po {n} min",
    many: "linija: kur bus po {n} min",
    other: "linija: kur bus po {n} min",
  },
  "map.ellipse": "elipsė: kur yra su 95 % tikimybe",
  "map.reach": "apskritimas: siekis 200 m virš žemės",
  "map.reach_text": "Kur mažas objektas matomas bent su 50 % tikimybe, virš lygios žemės.",
  "map.silent": "brūkšniai: negirdimas",
  "map.no_basemap": "Trūksta žemėlapio pagrindo; sienos imamos iš zonų.",
  "map.rebuilding": "Vaizdo plokštė prarado žemėlapį. Jis piešiamas iš naujo …",
  "map.no_webgl": "Ši naršyklė neturi WebGL2: vaizdą kas 2 s piešia serveris.",
  "map.picture": "Serverio nupieštas vaizdas",
  "map.picture_past": "PRAEITIS: šis vaizdas ir lentelė rodo {time}.",
  "map.picture_failed": "Serveris vaizdo neatsiuntė. Tai, kas rodoma, yra sena.",

  "map.placing": "Spustelėkite vietą.",
  "map.placing_keys": "Enter – imti žemėlapio vidurį, rodyklės jį stumia. Esc – išeiti.",
  "map.placing_leave": "Išeiti",
  "map.ahead": "{place} ≈ {minutes} min",
  "map.ahead_now": "{place}: dabar",
  "map.ahead_legend": "vietovė priekyje, minutės pagal paprastą modelį",

  "empty.no_link": "Nieko nerodoma, nes serverio dar negirdėta.",
  "empty.waiting": "Pirmas vaizdas dar neatėjo.",
  "empty.filtered": {
    one: "Filtrai slepia vienintelę trajektoriją ({n}).",
    few: "Filtrai slepia visas {n} trajektorijas.",
    many: "Filtrai slepia visas {n} trajektorijos.",
    other: "Filtrai slepia visas {n} trajektorijų.",
  },
  "empty.no_sensors": "Nėra nė vieno jutiklio: nieko negalima matyti.",
  "empty.blind": {
    one: "Negirdimas nė vienas jutiklis (iš viso {n}). Niekas nežino, kas ten yra.",
    few: "Negirdimas nė vienas jutiklis (iš viso {n}). Niekas nežino, kas ten yra.",
    many: "Negirdimas nė vienas jutiklis (iš viso {n}). Niekas nežino, kas ten yra.",
    other: "Negirdimas nė vienas jutiklis (iš viso {n}). Niekas nežino, kas ten yra.",
  },
  "empty.half_blind": {
    one: "Trajektorijų nėra. Negirdimas {n} jutiklis iš {all}: niekas nežino, kas ten yra.",
    few: "Trajektorijų nėra. Negirdimi {n} jutikliai iš {all}: niekas nežino, kas ten yra.",
    many: "Trajektorijų nėra. Negirdima {n} jutiklio iš {all}: niekas nežino, kas ten yra.",
    other: "Trajektorijų nėra. Negirdima {n} jutiklių iš {all}: niekas nežino, kas ten yra.",
  },
  "empty.nothing": {
    one: "Trajektorijų nėra: girdimas {n} jutiklis nieko nepraneša iš ten, kur žiūri.",
    few: "Trajektorijų nėra: girdimi {n} jutikliai nieko nepraneša iš ten, kur žiūri.",
    many: "Trajektorijų nėra: girdima {n} jutiklio, nieko nepranešama iš ten, kur žiūrima.",
    other: "Trajektorijų nėra: girdima {n} jutiklių, nieko nepranešama iš ten, kur žiūrima.",
  },
  "empty.partner": "Nėra trajektorijų, kurias jums galima rodyti.",
  "empty.replay": "Šiuo metu nieko nebuvo žinoma.",
};
