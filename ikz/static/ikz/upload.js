// Drag and drop, and a bar for what is on its way. Without this script the form is sent as any other.

const address = () => window.location.pathname + window.location.search;
let shown = address();

function listen(box) {
  const input = box.querySelector("input[type=file]");
  if (!input) return;
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("drop--over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    box.addEventListener(name, () => box.classList.remove("drop--over"));
  }
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
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
      const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
      if (!files) return;
      event.preventDefault();
      send(form);
    });
  }
}

start();

// „Zurück“ after a page was shown in place of the form: ask for what lies there now. A jump within the page is none.
window.addEventListener("popstate", () => { if (address() !== shown) window.location.reload(); });
