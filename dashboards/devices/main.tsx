// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { App, type Boot } from "./app";
import "../shared/desk.css";
import "./devices.css";
import "./settings.css";

const page = document.getElementById("page")!;
const boot: Boot = JSON.parse(page.dataset["boot"]!);
page.replaceChildren();
render(<App boot={boot} />, page);
