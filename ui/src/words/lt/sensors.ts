/** Jutikliai: tyla ir „nieko nėra“ yra skirtingi žodžiai. */

import type { sensors as english } from "../en/sensors";
import type { Message } from "../message";

const blind = "Tyli {n} iš {total} jutiklių: niekas nežino, kas ten yra.";
const heard = "Visi jutikliai, kurie turi siųsti, siunčia ({n}).";

export const sensors: Record<keyof typeof english, Message> = {
  "sensors.title": "Jutikliai",
  "sensors.list": "Jutikliai, blogiausi viršuje",
  "sensors.none": "Nėra nė vieno jutiklio: nieko matyti negalima.",
  "sensors.none_partner": "Jutiklių vietos partneriams nerodomos.",
  "sensors.blind": { one: blind, few: blind, many: blind, other: blind },
  "sensors.all_heard": { one: heard, few: heard, many: heard, other: heard },
  "sensors.legend":
    "„Tyli“ reiškia, kad jutiklis nieko nesako, todėl niekas nežino, kas ten yra. „Klausosi“ reiškia, kad jis siunčia ir ten, kur nieko nepraneša, nieko neaptiko.",
  "sensors.column_heard": "girdėtas",
  "sensors.column_detected": "aptiko",

  "sensor.gone": "ATSIJUNGĖ",
  "sensor.silent": "TYLI",
  "sensor.never_heard": "DAR NEATSILIEPĖ",
  "sensor.degraded": "VEIKIA BLOGAI",
  "sensor.speaking": "klausosi",
  "sensor.quiet": "niekas neskambina",
  "sensor.gone.text": "Jo tinklas sako, kad jutiklio nebėra. Tai, ką jis matytų, dabar nematoma.",
  "sensor.silent.text": "Tyli nuo {time} ({age}). Tai, ką jis matytų, dabar nematoma.",
  "sensor.never_heard.text": "Nuo paleidimo iš jo nieko negauta. Tai, ką jis matytų, dabar nematoma.",
  "sensor.degraded.text": "Siunčia (paskutinį kartą prieš {age}), bet sako, kad veikia blogai.",
  "sensor.speaking.text": "Girdėtas prieš {age}. Kur nieko nepraneša, ten nieko neaptiko.",
  "sensor.detected": "Paskutinį kartą ką nors aptiko {time}, prieš {age}.",
  "sensor.detected_none": "Nuo paleidimo nieko neaptiko.",
  "sensor.quiet.text": "Niekas nepranešė; tai ne gedimas.",
  "sensor.quiet_since.text": "Paskutinis pranešimas prieš {age}; tyla čia nėra gedimas.",
  "sensor.lost": {
    one: "pakeliui dingo {n} žinutė",
    few: "pakeliui dingo {n} žinutės",
    many: "pakeliui dingo {n} žinutės",
    other: "pakeliui dingo {n} žinučių",
  },
  "sensor.rejects": {
    one: "{n} jo šaltinio žinutė neperskaitoma",
    few: "{n} jo šaltinio žinutės neperskaitomos",
    many: "{n} jo šaltinio žinutės neperskaitoma",
    other: "{n} jo šaltinio žinučių neperskaitoma",
  },
  "sensor.clock": "jo laikrodis skiriasi {seconds} s",
  "sensor.says": "Jis sako: {text}",
  "sensor.source": "šaltinis {source}",
  "sensor.link": "ryšys: {state}",
  "sensor.reach": "siekia {distance}",
  "sensor.heartbeat": "turi atsiliepti kas {period}",

  "kind.radar": "radaras",
  "kind.acoustic": "mikrofonas",
  "kind.rf": "radijo pelengatorius",
  "kind.camera": "kamera",
  "kind.adsb": "ADS-B imtuvas",
  "kind.remote_id": "Remote ID imtuvas",
  "kind.person": "žmonės",
  "kind.tracker": "kita sekimo sistema",

  "link_state.up": "veikia",
  "link_state.down": "NEVEIKIA",
  "link_state.none": "nėra",
  "link_state.starting": "pradedama",
  "link_state.ended": "baigėsi",
  "link_state.stopped": "sustabdyta",

  "links.title": "Ryšiai",
  "links.none": "Nė vienas ryšys nesukonfigūruotas.",
  "links.age": "paskutinė žinutė prieš {age}",
  "links.never": "žinučių dar nebuvo",
  "links.messages": {
    one: "{n} žinutė",
    few: "{n} žinutės",
    many: "{n} žinutės",
    other: "{n} žinučių",
  },
  "links.rejects": {
    one: "{n} neperskaitoma",
    few: "{n} neperskaitomos",
    many: "{n} neperskaitoma",
    other: "{n} neperskaitomų",
  },
};
