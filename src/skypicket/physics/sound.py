"""How sound travels and fades in still air."""

import math

import msgspec

from skypicket.domain.errors import InputError

_KELVIN = 273.15
_REFERENCE_K = 293.15  # ISO 9613-1: 20 °C
_TRIPLE_POINT_K = 273.16
_REFERENCE_KPA = 101.325


class Air(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of the air, taken as the same everywhere between source and listener."""

    temperature_c: float = 10.0
    humidity_percent: float = 70.0
    pressure_kpa: float = _REFERENCE_KPA


MILD_AIR = Air()


def speed_of_sound_mps(air: Air = MILD_AIR) -> float:
    """Speed of sound in dry air as an ideal gas; moisture adds less than 0.4 % below 30 °C.

    >>> round(speed_of_sound_mps(Air(temperature_c=20.0)), 1)
    343.2
    """
    return 331.3 * math.sqrt((air.temperature_c + _KELVIN) / _KELVIN)


def absorption_db_per_m(frequency_hz: float, air: Air = MILD_AIR) -> float:
    """What the air itself takes from a pure tone, in dB per metre (ISO 9613-1:1993, 6.2).

    Good to 10 % for 50 Hz to 10 kHz, -20 to +50 °C and 10 to 100 % relative humidity.

    Raises:
        InputError: a frequency, humidity or pressure that is not positive, or air too cold.

    >>> round(1000 * absorption_db_per_m(1000.0), 1)
    3.7
    """
    kelvin = air.temperature_c + _KELVIN
    if frequency_hz <= 0 or air.humidity_percent <= 0 or air.pressure_kpa <= 0 or kelvin < 200:
        raise InputError(f"No sound absorption is known for {frequency_hz} Hz in {air}.")
    pressure = air.pressure_kpa / _REFERENCE_KPA
    warmth = kelvin / _REFERENCE_K
    saturation = math.pow(10.0, -6.8346 * (_TRIPLE_POINT_K / kelvin) ** 1.261 + 4.6151)
    vapour = air.humidity_percent * saturation / pressure  # molar concentration, percent
    oxygen_hz = pressure * (24 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour))
    nitrogen_hz = (
        pressure
        / math.sqrt(warmth)
        * (9 + 280 * vapour * math.exp(4.17 - 4.17 * warmth ** (-1 / 3)))
    )
    square = frequency_hz**2
    classical = 1.84e-11 * math.sqrt(warmth) / pressure
    oxygen = 0.01275 * math.exp(-2239.1 / kelvin) / (oxygen_hz + square / oxygen_hz)
    nitrogen = 0.1068 * math.exp(-3352.0 / kelvin) / (nitrogen_hz + square / nitrogen_hz)
    relaxation = (oxygen + nitrogen) * float(warmth**-2.5)
    return 8.686 * square * (classical + relaxation)
