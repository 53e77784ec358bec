// SPDX-License-Identifier: Apache-2.0
// Which theme goes with the room's light. Keep in step with controller/web/page.cpp.

export type Theme = "day" | "dusk" | "night";

const night = 0.2; // linear light
const day = 0.5;
const stays = 0.03; // past a bound, before the theme changes: a light that hovers there changes nothing

const plain = (light: number): Theme => (light < night ? "night" : light < day ? "dusk" : "day");

export function themeOf(light: number, before?: Theme): Theme {
  if (before === undefined) return plain(light);
  const near = [plain(light - stays), plain(light + stays)];
  return near.includes(before) ? before : plain(light);
}
