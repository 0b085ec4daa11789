// Reads a table of RFC 4180.
export function readCsv(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const letters = [...text.replace(/^\uFEFF/, "")];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (letters[at + 1] === '"') cell += letters[(at += 1)];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ",") {
      rows.at(-1).push(cell);
      cell = "";
    } else if (letter === "\n") {
      rows.at(-1).push(cell.replace(/\r$/, ""));
      cell = "";
      rows.push([]);
    } else cell += letter;
  }
  if (cell !== "" || rows.at(-1).length > 0) rows.at(-1).push(cell);
  const [names, ...lines] = rows.filter((row) => row.length > 0);
  return lines.map((line) => Object.fromEntries(names.map((name, place) => [name, line[place]])));
}
