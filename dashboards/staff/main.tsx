// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { App } from "./app";
import type { Boot } from "./boot";
import "./staff.css";

const page = document.getElementById("page")!;
const boot: Boot = JSON.parse(page.dataset["boot"]!);
page.replaceChildren();
render(<App boot={boot} />, page);
