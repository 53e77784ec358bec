// SPDX-License-Identifier: Apache-2.0
// What somebody has changed in the settings and not taken into use: kept by the browser until its window closes, so that
// nothing is lost to another view or a page that is loaded again.
import { useEffect, useState } from "preact/hooks";
import type { Files } from "./settings-api";

const key = "rytme.drafts";
const blockKey = "rytme.block"; // a [[device]] that the devices view has made

const read = (): Files => JSON.parse(sessionStorage.getItem(key) ?? "{}");

export function useDrafts(): [Files, (drafts: Files) => void] {
  const [drafts, setDrafts] = useState<Files>(read);
  useEffect(() => {
    sessionStorage.setItem(key, JSON.stringify(drafts));
  }, [drafts]);
  return [drafts, setDrafts];
}

// What is on trial, so that it can be mended when it goes back.
const triedKey = "rytme.tried";
export const noteTried = (drafts: Files) => sessionStorage.setItem(triedKey, JSON.stringify(drafts));
export const forgetTried = () => sessionStorage.removeItem(triedKey);
export const tried = (): Files | null => JSON.parse(sessionStorage.getItem(triedKey) ?? "null");

export const waitingBlock = () => sessionStorage.getItem(blockKey);
export const forgetBlock = () => sessionStorage.removeItem(blockKey);
