// SPDX-License-Identifier: Apache-2.0
// What every export says of itself.
#pragma once

namespace rytme::report {

inline constexpr const char* boundary_nb =
    "Ikke medisinsk utstyr. Verdiene kan være feil og skal ikke alene ligge til grunn for helsehjelp.";
inline constexpr const char* boundary_en =
    "Not a medical device. The values may be wrong and must not alone be the basis for health care.";
inline constexpr const char* purpose_nb =
    "Rytme styrer et rom etter personalets valg og fører en logg til ettertanke. Stopp alt er ingen "
    "nødbryter. "
    "Rytme gjenkjenner ingen følelser, gir ingen råd om enkeltpersoner, varsler ikke på puls og lover ingen "
    "virkning.";
inline constexpr const char* purpose_en =
    "Rytme controls a room at the staff's choice and keeps a record for reflection. It is not an emergency "
    "stop, "
    "detects no feeling, recommends nothing per person, alarms on no pulse and makes no claim of effect.";

}  // namespace rytme::report
