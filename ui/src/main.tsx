/** The page begins: signals, address, link, and then everything that is seen. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { startAddress } from "./model/address";
import { publishFacts } from "./model/facts";
import { view } from "./model/picture";
import { startReplaying } from "./model/replaying";
import { startLink } from "./stream/link";
import "./styles/base.css";
import "./styles/layout.css";

effect(() => {
  document.documentElement.dataset.theme = view.value.theme;
});
publishFacts();
startAddress();
startReplaying();
startLink();

const place = document.getElementById("page");
if (place !== null) render(<App />, place);
