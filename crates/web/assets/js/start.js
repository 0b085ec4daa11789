// Everything here only adds speed and comfort: each page works without it.
import { loadParts } from "./load.js";
import { followTyping } from "./live.js";
import { climb } from "./ladder.js";
import { listenToKeys } from "./keys.js";
import { sendOnce } from "./once.js";
import { closeMenus } from "./menu.js";
import { keepDrafts } from "./draft.js";
import { openForms } from "./inline.js";
import { tellWhatWasDone } from "./toast.js";
import { openPalette } from "./palette.js";

document.querySelector("[data-focus]")?.focus();
loadParts(document);
followTyping(document);
climb(document);
listenToKeys(document);
sendOnce(document);
closeMenus(document);
openPalette(document);
openForms(document);
tellWhatWasDone(document);
keepDrafts(document);
