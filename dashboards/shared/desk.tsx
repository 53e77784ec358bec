// SPDX-License-Identifier: Apache-2.0
// What the pages at a desk have in common: the address behind the #, so that going back works; light or dark; who is
// logged in; tables.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { ask, logOut } from "./ask";

// An address that somebody cut short is taken as it is.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useAddress(): string[] {
  const parts = () => location.hash.slice(1).split("/").filter(Boolean).map(decoded);
  const [address, setAddress] = useState(parts());
  useEffect(() => {
    const changed = () => {
      setAddress(parts());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return address;
}

// As the machine has it, until somebody says otherwise on this one.
const usualTheme = () => localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

export function useTheme(): () => void {
  const [theme, setTheme] = useState(usualTheme);
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    dispatchEvent(new Event("theme"));
  }, [theme]);
  return () => {
    const other = theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", other);
    setTheme(other);
  };
}

// Out again; nobody is logged in where the machine itself or a token is believed.
export function LogOut({ word }: { word: string }) {
  const [loggedIn, setLoggedIn] = useState(false);
  useEffect(() => {
    ask("me").then(async (answer) => setLoggedIn((await answer.json()).logged_in), () => {});
  }, []);
  if (!loggedIn) return null;
  return (
    <button type="button" class="quiet" onClick={logOut}>
      {word}
    </button>
  );
}

export function Heads({ of }: { of: string[] }) {
  return (
    <thead>
      <tr>
        {of.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

// Long ones in a window of their own, which the keyboard reaches as well.
export function Scroll({ label, tall = false, children }: { label: string; tall?: boolean; children: ComponentChildren }) {
  return (
    <div class={tall ? "scroll tall" : "scroll"} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
