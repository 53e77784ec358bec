// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/ladder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rytme::safety {
namespace {

using std::chrono::seconds;
using enum Response;

constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::count_);
constexpr Step nothing_more{seconds{0}, none};

constexpr std::array<Rung, fault_count> table{{
    {Fault::heart_unknown,
     "heart_unknown",
     {seconds{0}, hold},
     {seconds{10}, baseline},
     "Pulsen mangler, eller nivået er for usikkert til å følges",
     "No pulse, or a level too unsure to be followed",
     "Pulsen vises som ukjent. Det som fulgte den, står stille i 10 s og går så tilbake til profilen.",
     "The pulse is shown as unknown. What followed it stands still for 10 s, then goes back to the preset."},
    {Fault::motion_unknown,
     "motion_unknown",
     {seconds{0}, hold},
     {seconds{10}, baseline},
     "Husken eller hengekøya høres ikke",
     "Swing or hammock is not heard",
     "Husken vises som ukjent. Takten går fritt og tilbake til profilen.",
     "The swing is shown as unknown. The tempo runs free and goes back to the preset."},
    {Fault::sensors_lost,
     "sensors_lost",
     {seconds{0}, hold},
     {seconds{10}, baseline},
     "Alle målere mangler",
     "All sensors are lost",
     "Profilen går videre som et fast program og øker ikke.",
     "The preset goes on as a fixed programme and never escalates."},
    {Fault::broker_down,
     "broker_down",
     {seconds{30}, warn},
     nothing_more,
     "Meldingstjeneren er borte",
     "The broker is gone",
     "Det som går over Modbus, virker. Etter 30 s nevner siden hva som ikke kan styres.",
     "What is on Modbus goes on. After 30 s the page names what is not controlled."},
    {Fault::bus_down,
     "bus_down",
     {seconds{0}, warn},
     nothing_more,
     "En buss svarer ikke",
     "A bus does not answer",
     "De andre enhetene virker som før. Når bussen er tilbake, leses den, og lyset føres rolig på plass.",
     "The other devices go on. When the bus is back it is read, and its light is led back slowly."},
    {Fault::device_down,
     "device_down",
     {seconds{0}, warn},
     nothing_more,
     "En enhet svarer ikke",
     "A device does not answer",
     "De andre enhetene virker som før. Når den er tilbake, leses den, og lyset føres rolig på plass.",
     "The other devices go on. When it is back it is read, and its light is led back slowly."},
    {Fault::lamp_flapping,
     "lamp_flapping",
     {seconds{0}, off},
     nothing_more,
     "En lampe mister strøm igjen og igjen",
     "A lamp loses its power again and again",
     "Lampen får ikke flere kommandoer før den har vært rolig i 10 min. Slå den av på veggen.",
     "The lamp gets no command until it has been quiet for 10 min. Switch it off at the wall."},
    {Fault::two_hands,
     "two_hands",
     {seconds{0}, warn},
     nothing_more,
     "To nettbrett samtidig",
     "Two tablets at once",
     "Den siste gjelder. Begge nettbrett viser hvem det var.",
     "The last one counts. Both tablets show whose it was."},
    {Fault::clock_wrong,
     "clock_wrong",
     {seconds{0}, warn},
     nothing_more,
     "Klokken er feil",
     "The clock is wrong",
     "Bare tidsstemplene i journalen blir feil.",
     "Nothing but the stamps of the record is affected."},
    {Fault::restarted,
     "restarted",
     {seconds{0}, safe_light},
     nothing_more,
     "Styringen startet på nytt midt i en økt",
     "The controller restarted in a session",
     "Økten er satt på pause i trygt lys uten lyd, og spør. Ingenting fortsetter av seg selv.",
     "The session is paused in safe light without sound, and asks. Nothing goes on by itself."},
    {Fault::crash_loop,
     "crash_loop",
     {seconds{0}, safe_light},
     nothing_more,
     "Styringen starter igjen og igjen",
     "The controller starts again and again",
     "Sikker modus: stopp, trygt lys, og rommet må ettersees.",
     "Safe mode: stop, safe light, and the room needs maintenance."},
    {Fault::controller_silent,
     "controller_silent",
     {seconds{0}, safe_light},
     nothing_more,
     "Styringen er borte",
     "The controller is gone",
     "Enheten går selv til trygt lys når den har en vakt som er satt.",
     "The device goes to safe light by itself where it has a watchdog that is set."},
}};

constexpr bool rungs_follow_faults() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table.at(i).fault) != i) return false;
  return true;
}
static_assert(rungs_follow_faults(), "the ladder and Fault have drifted apart");

void reach(const Active& active, const Step& step, Instant now, Verdict& verdict) {
  const Instant due = active.since + step.after;
  if (due > now) {
    verdict.changes = std::min(verdict.changes, due);
  } else if (step.response > verdict.response) {
    verdict.response = step.response;
    verdict.cause = active.fault;
  }
}

}  // namespace

std::span<const Rung> ladder() { return table; }

Verdict judge(std::span<const Active> faults, Instant now) {
  Verdict verdict;
  for (const Active& active : faults) {
    const Rung& rung = table.at(static_cast<std::size_t>(active.fault));
    reach(active, rung.first, now, verdict);
    reach(active, rung.then, now, verdict);
  }
  return verdict;
}

}  // namespace rytme::safety
