// SPDX-License-Identifier: Apache-2.0
// A [[device]] of room.toml as text. What a person typed stands in quotes, with what would end them escaped.
export interface Block {
  id: string;
  place: string;
  profile: string;
  bus: string | null;
  params: [name: string, value: string, integer: boolean][];
}

const quoted = (text: string) => JSON.stringify(text); // a TOML basic string escapes as JSON does

export function blockText({ id, place, profile, bus, params }: Block): string {
  const given = params.filter(([, value]) => value !== "");
  const lines = ["[[device]]", `id = ${quoted(id)}`, `place = ${quoted(place)}`, `profile = ${quoted(profile)}`];
  if (bus !== null) lines.push(`bus = ${quoted(bus)}`);
  const all = given.map(([name, value, integer]) => `${name} = ${integer && /^-?\d+$/.test(value) ? value : quoted(value)}`);
  if (all.length > 0) lines.push(`params = { ${all.join(", ")} }`);
  return lines.join("\n") + "\n";
}
