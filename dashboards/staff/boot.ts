// SPDX-License-Identifier: Apache-2.0
// What the page is served with.
import type { Preset, Room } from "../shared/room";
import type { Language } from "../shared/words";

export interface Boot {
  language: Language;
  room: string;
  code_letters: string; // of which the codes made here consist
  names: Record<string, string>; // of devices that people call something else than their id
  presets: Preset[];
  state: Room;
}
