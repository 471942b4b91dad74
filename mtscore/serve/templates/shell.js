"use strict";
const $ = (id) => document.getElementById(id);
const TOKEN = "mtscore-token";
const VIEWS = ["entrance", "ask", "work", "result"];
let info = {};
let shown = null; // what the last answer was: page, csv, verdicts, texts
let running = null; // what stops the request that is being answered

// Requests

class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const send = async (path, body, accept, signal) => {
  const headers = { Accept: accept };
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const request = { headers, signal, method: body === undefined ? "GET" : "POST", body: body && JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The service does not answer. Is it still running, and is what you sent not far too long?");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, problem.detail || `The service answered with status ${answer.status}.`);
};

async function* eventsOf(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

// What is seen

const show = (view) => {
  for (const id of VIEWS) $(id).hidden = id !== view;
  document.body.classList.toggle("has-result", view === "result");
};

const complain = (error) => {
  const sentence = String(error.message || error);
  $("problem").textContent = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  $("problem").hidden = false;
};

const say = (state) => {
  if ($("state").textContent !== state) $("state").textContent = state; // said aloud once
};

const report = (event) => {
  const { done = 0, of = 1 } = event;
  if (event.event === "waiting") {
    say(event.ahead ? "Waiting: others came first." : "Waiting.");
    $("bar").removeAttribute("value");
  } else {
    say(of > 1 ? `Reading: ${done} of ${of} documents.` : "Reading.");
    if (of > 1 && done) $("bar").value = done / of;
    else $("bar").removeAttribute("value");
  }
  $("clock").textContent = `${Math.round(event.seconds)} s`;
};

// Asking

const dataOf = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Problem(0, `The file ${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });

const documentsOf = async (text, files) => {
  const documents = text.trim() ? [{ id: "pasted text", text, format: "auto" }] : [];
  for (const file of files) documents.push({ id: file.name, base64: await dataOf(file) });
  return documents;
};

const check = async (files) => {
  if (running) return;
  const documents = await documentsOf($("pasted").value, files);
  if (!documents.length) {
    $("pasted").focus();
    throw new Problem(0, "There is nothing to check yet: paste a text, or choose a file.");
  }
  const wanted = documents.length > 1 ? { documents, siblings: $("siblings").checked } : documents[0];
  if ($("reading").value) wanted.reading = $("reading").value;
  await work(async (signal) => {
    const answer = await send("v1/explain", wanted, "application/x-ndjson", signal);
    for await (const event of eventsOf(answer)) {
      if (event.event === "done") return showVerdicts(event);
      if (event.event === "problem") throw new Problem(event.status, event.detail);
      report(event);
    }
    throw new Problem(0, "The service stopped before it had an answer.");
  });
};

const work = async (task) => {
  running = new AbortController();
  say("Sending.");
  $("clock").textContent = "";
  $("bar").removeAttribute("value");
  show("work");
  $("stop").focus();
  try {
    await task(running.signal);
  } catch (error) {
    show("ask");
    $("pasted").focus();
    if (error.name !== "AbortError") throw error;
  } finally {
    running = null;
  }
};

const attempt = async (task) => {
  $("problem").hidden = true;
  try {
    await task();
  } catch (error) {
    if (error.status === 401) enter();
    else complain(error);
  }
};

// Verdicts

const showPage = (title, page) => {
  $("result-title").textContent = title;
  $("saved").textContent = "";
  $("verdict").srcdoc = page;
  show("result");
  $("result-title").focus();
};

const showVerdicts = (answer) => {
  const verdicts = answer.verdicts.map((line) => JSON.parse(line));
  shown = { ...answer, verdicts };
  const [first] = verdicts;
  const title = verdicts.length > 1 ? `${verdicts.length} documents` : `${first.label || "cannot tell"}: ${first.id}`;
  $("judgement").hidden = verdicts.length > 1 || !first.label;
  $("judging").hidden = verdicts.length < 2;
  $("judging").open = false;
  $("judgement").replaceChildren($("question"));
  if (verdicts.length > 1) $("judging").querySelector("ul").replaceChildren(...verdicts.map(rowOf));
  else if (first.label) $("judgement").append(...answersTo(first, answer.texts[0]));
  for (const button of document.querySelectorAll("[data-save]")) button.hidden = false;
  showPage(title, answer.page);
};

// Rounded down, as the page does it: just below a threshold never looks as if it had reached it.
const shownScore = (score) => (Math.floor(score * 100 + 1e-9) / 100).toFixed(2);

const rowOf = (verdict, number) => {
  const row = document.createElement("li");
  const [chip, name] = [document.createElement("span"), document.createElement("span")];
  chip.className = `chip ${(verdict.label || "cannot tell").replace(" ", "-")}`;
  chip.textContent = verdict.label ? `${verdict.label} ${shownScore(verdict.score)}` : "cannot tell";
  name.textContent = verdict.id;
  name.dir = "auto";
  const group = document.createElement("span");
  group.className = "group";
  if (verdict.label) group.append(...answersTo(verdict, shown.texts[number]));
  row.append(chip, name, group);
  return row;
};

// "Right" and "wrong" as labels; a suspect is neither, so there the question is another.
const answersTo = (verdict, text) => {
  const other = { garbled: "clean", clean: "garbled" }[verdict.label];
  const choices = other ? [["Right", verdict.label], ["Wrong", other]] : [["Garbled", "garbled"], ["Not garbled", "clean"]];
  $("question").textContent = other ? "Is that right?" : "What is it?";
  const buttons = choices.map(([name, label]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", `${name}: ${verdict.id}`);
    button.addEventListener("click", () => attempt(() => keep(button, label)));
    return button;
  });
  const keep = async (button, label) => {
    const isTakenBack = button.getAttribute("aria-pressed") === "true";
    const { id, score, signature } = verdict;
    const record = { id: id.slice(0, 1000), score, model: signature.digest.slice(0, 12), text };
    const answer = await send("v1/labels", { ...record, label: isTakenBack ? null : label }, "application/json");
    const counts = await answer.json();
    for (const each of buttons) each.setAttribute("aria-pressed", String(each === button && !isTakenBack));
    $("saved").textContent = `${isTakenBack ? "Taken back" : "Saved"}. ${info.labels.file} has ${counts.garbled} garbled and ${counts.clean} clean.`;
  };
  return buttons;
};

const save = (kind) => {
  const one = shown.verdicts && shown.verdicts.length === 1;
  const [text, type] = {
    html: () => [shown.page, "text/html"],
    json: () => [JSON.stringify(one ? shown.verdicts[0] : shown.verdicts, null, 1), "application/json"],
    csv: () => [shown.csv, "text/csv"],
  }[kind]();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = `${shown.verdicts ? "verdict" : "comparison"}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

const compareModels = () =>
  work(async (signal) => {
    say("Comparing the models on the saved labels.");
    const answer = await send("v1/compare", {}, "text/html", signal);
    shown = { page: await answer.text() };
    $("judgement").hidden = $("judging").hidden = true;
    for (const button of document.querySelectorAll("[data-save]")) button.hidden = button.dataset.save !== "html";
    showPage("Two models on the saved labels", shown.page);
  });

// The beginning

const enter = () => {
  show("entrance");
  $("token").focus();
};

const begin = async () => {
  info = await (await send("v1/info", undefined, "application/json")).json();
  $("reading").replaceChildren(...info.readings.map((name) => new Option(name, name, false, name === info.reading)));
  $("reading-option").hidden = info.readings.length < 2;
  $("compare").hidden = !info.can_compare;
  show("ask");
};

$("entrance").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, $("token").value.trim());
  attempt(async () => {
    try {
      await begin();
    } catch (error) {
      if (error.status !== 401) throw error;
      sessionStorage.removeItem(TOKEN);
      throw new Problem(0, "That is not the token of this service.");
    }
  });
});
$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => check([...$("files").files]));
});
$("pasted").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("ask").requestSubmit();
});
$("compare").addEventListener("click", () => attempt(compareModels));
$("stop").addEventListener("click", () => running && running.abort());
$("back").addEventListener("click", () => {
  $("verdict").srcdoc = "";
  $("files").value = "";
  show("ask");
  $("pasted").focus();
  $("pasted").select();
});
for (const button of document.querySelectorAll("[data-save]")) button.addEventListener("click", () => save(button.dataset.save));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && running) running.abort();
});
for (const name of ["dragover", "dragleave", "drop"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragover");
  });
}
addEventListener("drop", (event) => {
  const files = [...event.dataTransfer.files];
  if (files.length && !$("ask").hidden) attempt(() => check(files));
});
attempt(begin);
