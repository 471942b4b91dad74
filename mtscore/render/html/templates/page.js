"use strict";
// Makes the overview a browser for results: sorts, filters, searches, and saves what is ticked as labels. The page is
// complete without it.
const table = document.getElementById("overview");
const body = table.tBodies[0];
const form = document.getElementById("browser");
const articleOf = (row) => document.getElementById(row.dataset.document);
const textOf = (article) => (article ? JSON.parse(article.dataset.text) : "");
const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// Sorting: by the column whose heading is pressed.
const headings = [...table.tHead.rows[0].cells];
const cellsOf = new Map([...body.rows].map((row) => [row, [...row.cells]]));
const valueOf = (row, column) => {
  const cell = cellsOf.get(row)[column];
  return cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
};
const compare = (left, right, isNumber) => {
  if (left === "" || right === "") return (left === "") - (right === "");
  return isNumber ? left - right : left.localeCompare(right);
};
headings.forEach((heading, column) => {
  const button = heading.querySelector("button");
  const isNumber = heading.classList.contains("number");
  button.disabled = false;
  button.addEventListener("click", () => {
    const current = heading.getAttribute("aria-sort");
    const isDown = current ? current === "ascending" : isNumber;
    const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
    rows.sort(([a], [b]) => {
      const order = compare(a, b, isNumber);
      return isDown && a !== "" && b !== "" ? -order : order;
    });
    headings.forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    body.append(...rows.map(([, row]) => row));
  });
});

// Ticks: a box before each row, and one for all rows that are shown.
const tick = (place, name) => {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.autocomplete = "off";
  box.setAttribute("aria-label", name);
  const cell = place.insertCell(0);
  cell.className = "pick";
  cell.append(box);
  return box;
};
const boxOf = new Map([...body.rows].map((row) => [row, tick(row, `Tick ${row.querySelector(".id").textContent}`)]));
const allBox = tick(table.tHead.rows[0], "Tick all documents that are shown");
const shown = () => [...body.rows].filter((row) => !row.hidden);
const ticked = () => shown().filter((row) => boxOf.get(row).checked);
const showTicked = () => {
  const count = ticked().length;
  for (const name of ["garbled", "clean"]) form.elements[name].disabled = !count;
  document.getElementById("selected").textContent = count ? `${counted(count, "document")} ticked` : "";
  allBox.checked = count > 0 && count === shown().length;
  allBox.indeterminate = count > 0 && !allBox.checked;
};
table.addEventListener("change", (event) => {
  if (event.target === allBox) shown().forEach((row) => (boxOf.get(row).checked = allBox.checked));
  showTicked();
});

// Filters: a row and its article are shown if all that is chosen holds.
const words = new Map();
const wordsOf = (row) => {
  if (!words.has(row)) words.set(row, `${row.textContent} ${textOf(articleOf(row))}`.toLowerCase());
  return words.get(row);
};
const filter = () => {
  const labels = new Set([...form.querySelectorAll("[name=label]:checked")].map((box) => box.value));
  const chosen = [...form.querySelectorAll("select")].map((list) => [list.name, list.value]);
  const sought = form.elements.search.value.trim().toLowerCase();
  for (const row of body.rows) {
    const holds = ([name, value]) => !value || row.dataset[name] === value || (name === "kinds" && row.dataset.kinds.split(" ").includes(value));
    row.hidden = !(labels.has(row.dataset.label) && chosen.every(holds) && (!sought || wordsOf(row).includes(sought)));
    const article = articleOf(row);
    if (article) article.hidden = row.hidden;
  }
  const all = body.rows.length;
  document.getElementById("shown").textContent = `${shown().length.toLocaleString("en")} of ${counted(all, "document")} shown`;
  showTicked();
};
let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, Math.min(body.rows.length / 50, 300)); // not at every key, where there are many
});
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());

// Labels: JSON lines, as `mtscore train` reads them.
const save = (label) => {
  const articles = ticked().map(articleOf);
  const known = articles.filter((article) => textOf(article).trim());
  const lines = known.map((article) => JSON.stringify({ id: article.dataset.id, label, text: textOf(article) }));
  const missing = articles.length - known.length;
  const left = missing ? `; ${counted(missing, "document")} left out, whose text is not on this page` : "";
  document.getElementById("selected").textContent = `${counted(known.length, "label")} saved${left}`;
  if (!known.length) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n"), "\n"], { type: "application/jsonl" }));
  link.download = `${label}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
for (const label of ["garbled", "clean"]) form.elements[label].addEventListener("click", () => save(label));
form.hidden = false;
filter();

// A link to an article that is folded unfolds it.
const unfold = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const folded = target && target.closest("details.document");
  if (folded && !folded.open) {
    folded.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", unfold);
unfold();
