// SPDX-License-Identifier: Apache-2.0
// Another device under the same place: its id stays, so its history goes on. The result is a block of room.toml.
import { useEffect, useState } from "preact/hooks";
import { type Device, type Profiles, read } from "./api";
import type { Desk } from "./app";
import { BlockForm } from "./block-form";

export function Replace({ desk, device }: { desk: Desk; device: Device }) {
  const { say } = desk;
  const [profiles, setProfiles] = useState<Profiles | null>(null);
  useEffect(() => {
    read<Profiles>("profiles").then(setProfiles, () => {});
  }, []);
  const { id, place, profile, bus, params } = device;
  return (
    <section class="editor" data-part="replace">
      <h3>{say("replace_title", { place })}</h3>
      <p class="note">{say("replace_note")}</p>
      {profiles === null ? <p class="empty">{say("reading")}</p> : <BlockForm desk={desk} profiles={profiles} start={{ id, place, profile: profile.id, bus: bus?.id ?? null, params }} />}
    </section>
  );
}
