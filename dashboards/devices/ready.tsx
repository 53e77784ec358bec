// SPDX-License-Identifier: Apache-2.0
// A block of room.toml that is ready: to be copied, or taken along to the settings.
import { useState } from "preact/hooks";
import type { Desk } from "./app";

// Where the settings view finds it.
export const blockKey = "rytme.block";

export function Ready({ desk: { say, has }, block }: { desk: Desk; block: string }) {
  const [copied, setCopied] = useState("");
  const copy = async () => {
    await navigator.clipboard.writeText(block).catch(() => {});
    setCopied(block);
  };
  return (
    <div class="ready">
      <pre tabIndex={0} role="region" aria-label={say("block")}>{block}</pre>
      <p class="row">
        <button type="button" class="quiet" onClick={copy}>
          {say("copy")}
        </button>
        {has("settings") && (
          <a href="#/settings" onClick={() => sessionStorage.setItem(blockKey, block)}>
            {say("to_settings")}
          </a>
        )}
        <span role="status">{copied === block ? say("copied") : ""}</span>
      </p>
    </div>
  );
}
