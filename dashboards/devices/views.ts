// SPDX-License-Identifier: Apache-2.0
// Which views the desk has: one row each. The address is #/ID, and what stands behind it is the view's own.
import type { FunctionComponent } from "preact";
import type { Desk } from "./app";
import { Devices } from "./devices";
import { Discovery } from "./discovery";
import { SettingsView } from "./settings";
import { Log, RoomState, Support } from "./state";
import type { Word } from "./text";
import { Versions, Yesterday } from "./versions";
import { WhatIf } from "./what-if";

export interface ViewProps {
  desk: Desk;
  rest: string[]; // of the address
}

export interface View {
  id: string;
  word: Word;
  component: FunctionComponent<ViewProps>;
}

export const views: [View, ...View[]] = [
  { id: "devices", word: "devices", component: Devices },
  { id: "what-if", word: "what_if", component: WhatIf },
  { id: "discovery", word: "discovery", component: Discovery },
  { id: "settings", word: "settings", component: SettingsView },
  { id: "versions", word: "versions", component: Versions },
  { id: "since-yesterday", word: "since_yesterday", component: Yesterday },
  { id: "state", word: "room_state", component: RoomState },
  { id: "log", word: "log", component: Log },
  { id: "support", word: "support", component: Support },
];
