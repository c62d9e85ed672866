// Drag and drop, a word before too much is sent, and a bar for what is on its way. Without this script the form is sent
// as any other, and the server says the same.

const MEGABYTE = 1024 * 1024;
const address = () => window.location.pathname + window.location.search;
let shown = address();

const inMegabytes = (bytes) => `${(Math.ceil(bytes / MEGABYTE * 10) / 10).toLocaleString("de-DE")} MB`;

// The sentence of why these files cannot be sent at once; the server gave the limits with the field.
function objection(input) {
  const files = [...input.files], most = Number(input.dataset.maxBytes), number = Number(input.dataset.maxFiles);
  if (!most) return "";
  if (files.length > number) return `Sie haben ${files.length} Dateien ausgewählt, auf einmal sind ${number} möglich. Bitte senden Sie sie in mehreren Teilen.`;
  const large = files.find((file) => file.size > most);
  if (large) return `Die Datei „${large.name}“ ist ${inMegabytes(large.size)} groß, möglich sind ${inMegabytes(most)}. Bitte verkleinern Sie sie, zum Beispiel durch Scannen mit 200 dpi.`;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > most) return `Die Dateien sind zusammen ${inMegabytes(bytes)} groß, auf einmal sind ${inMegabytes(most)} möglich. Bitte senden Sie sie einzeln oder in mehreren Teilen.`;
  return "";
}

function say(input, sentence) {
  const id = `${input.id}_objection`;
  document.getElementById(id)?.remove();
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  input.setAttribute("aria-describedby", (sentence ? [...others, id] : others).join(" "));
  if (!sentence) return;
  const note = document.createElement("p"), icon = document.createElement("span"), text = document.createElement("span");
  [note.id, note.className, icon.className, text.className] = [id, "kern-error", "kern-icon kern-icon--danger", "kern-body"];
  note.setAttribute("role", "alert");
  icon.setAttribute("aria-hidden", "true");
  text.textContent = sentence;
  note.append(icon, text);
  input.before(note);
}

function listen(box) {
  const input = box.querySelector("input[type=file]");
  if (!input) return;
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("drop--over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    box.addEventListener(name, () => box.classList.remove("drop--over"));
  }
  input.addEventListener("change", () => say(input, objection(input)));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer.files;
    if (!dropped.length) return;
    if (dropped.length > 1 && !input.multiple) {
      say(input, `Hier ist nur eine Datei möglich, abgelegt haben Sie ${dropped.length}. Es wurde keine übernommen. Bitte legen Sie die eine ab.`);
      return;
    }
    input.files = dropped;
    say(input, objection(input));
  });
}

function send(form) {
  const bar = form.querySelector("progress");
  const status = form.querySelector("[data-status]");
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action || window.location.href);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
    if (event.loaded === event.total) status.textContent = "Die Datei wird geprüft …";
  });
  request.addEventListener("load", () => {
    // The answer is the page that a plain form would show: the case after saving, or this form with its errors. It is
    // shown as it came: to fetch it again would lose the sentence that says what was saved.
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main) { status.textContent = "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."; button.disabled = false; return; }
    if (request.responseURL !== window.location.href) {
      window.history.pushState(null, "", request.responseURL);
      shown = address();
      window.scrollTo(0, 0);
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    start();
    (document.querySelector("[data-focus]") ?? document.querySelector("main")).focus();
  });
  request.addEventListener("error", () => {
    status.textContent = "Die Verbindung ist abgebrochen. Es wurde nichts gespeichert. Bitte versuchen Sie es noch einmal.";
    button.disabled = false;
  });
  form.querySelector("[data-progress]").hidden = false;
  status.textContent = "Die Datei wird übertragen …";
  button.disabled = true;
  request.send(new FormData(form));
}

function start() {
  for (const box of document.querySelectorAll("[data-drop]")) listen(box);
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const inputs = [...form.querySelectorAll("input[type=file]")].filter((input) => input.files.length);
      if (!inputs.length) return;
      event.preventDefault();
      const objected = inputs.find((input) => objection(input));
      if (objected) {
        say(objected, objection(objected));
        objected.focus();
        return;
      }
      send(form);
    });
  }
}

start();

// „Zurück“ after a page was shown in place of the form: ask for what lies there now. A jump within the page is none.
window.addEventListener("popstate", () => { if (address() !== shown) window.location.reload(); });
