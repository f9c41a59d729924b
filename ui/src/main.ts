import "./tokens.css";
import "./ground.css";
import "./parts/input.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { chooseHost } from "./host";

await chooseHost();
const target = document.getElementById("app");
if (target) mount(App, { target });
