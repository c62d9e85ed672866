/*
 * What the stock admin leaves unnamed for screen readers or English, and what cannot be mended on the server, because
 * other scripts build it in the browser.
 */

/* What Django 5.2's German catalogue lacks. */
const GERMAN = {
  'Choose %s by selecting them and then select the "Choose" arrow button.':
    "Markieren Sie, was dazukommen soll, und drücken Sie den Pfeil.",
  'Remove %s by selecting them and then select the "Remove" arrow button.':
    "Markieren Sie, was entfallen soll, und drücken Sie den Pfeil.",
  "Choose all %s": "Alle %s wählen",
  "Remove all %s": "Alle %s entfernen",
  "Choose selected %s": "Markierte %s wählen",
  "Remove selected %s": "Markierte %s entfernen",
  "(click to clear)": "(zum Leeren drücken)",
};

function labelOf(field) {
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const text = field.getAttribute("aria-label") || label?.textContent || "";
  return text.trim().replace(/:$/, "");
}

/* Select2 names its combobox by its own content, which is empty at first. */
function nameAutocomplete(select) {
  const container = select.nextElementSibling;
  const name = labelOf(select);
  if (!container?.classList.contains("select2") || !name) {
    return;
  }
  const value = container.querySelector(".select2-selection__rendered");
  if (value?.getAttribute("role") === "textbox") {
    value.removeAttribute("role");
    value.removeAttribute("aria-readonly");
  }
  const nameId = `${select.id}_autocomplete_name`;
  if (!document.getElementById(nameId)) {
    const element = document.createElement("span");
    element.id = nameId;
    element.hidden = true;
    element.textContent = name;
    container.append(element);
  }
  const ids = [nameId, value?.id].filter(Boolean).join(" ");
  container.querySelector("[role=combobox]")?.setAttribute("aria-labelledby", ids);
  container.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
}

/* Open, it says what it owns, but not what it controls, and its search field has no name. */
function describeOpenAutocomplete(event) {
  const select = event.target;
  const combobox = select.nextElementSibling?.querySelector("[role=combobox]");
  const list = combobox?.getAttribute("aria-owns");
  if (list) {
    combobox.setAttribute("aria-controls", list);
    document.getElementById(list)?.setAttribute("aria-label", labelOf(select) || "Auswahl");
  }
  document
    .querySelector(".select2-container--open .select2-search__field")
    ?.setAttribute("aria-label", `${labelOf(select) || "Auswahl"} suchen`);
}

function nameEmptyHeaders() {
  for (const header of document.querySelectorAll("thead th:empty")) {
    const text = document.createElement("span");
    text.className = "visually-hidden";
    text.textContent = header.classList.contains("original") ? "Eintrag" : "Bearbeiten";
    header.append(text);
  }
}

/* On a phone each row of a list is a block, and each cell says what it is (admin-theme.css). */
function labelCells() {
  const heads = [...document.querySelectorAll("#result_list thead th")];
  const labels = heads.map((head) => head.querySelector(".text")?.textContent.trim());
  for (const row of document.querySelectorAll("#result_list tbody tr")) {
    [...row.cells].forEach((cell, place) => {
      if (labels[place] && cell.localName === "td" && !cell.classList.contains("action-checkbox")) {
        cell.dataset.label = labels[place];
      }
    });
  }
}

/* The stock box that marks all rows has a name, but no label for those who see. */
function labelActionToggle() {
  const toggle = document.getElementById("action-toggle");
  if (!toggle || toggle.labels.length) return;
  const label = document.createElement("label");
  label.htmlFor = toggle.id;
  label.textContent = "Alle auf dieser Seite auswählen";
  toggle.setAttribute("aria-label", label.textContent);
  toggle.after(label);
}

function mend() {
  document.querySelectorAll("select.admin-autocomplete").forEach(nameAutocomplete);
  document.querySelectorAll("span.help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
  nameEmptyHeaders();
  labelCells();
  labelActionToggle();
}

/* The export page's box „alle auswählen“; import-export's own handler is an attribute, which the policy forbids. */
function selectAllExportFields(event) {
  for (const box of document.querySelectorAll(".selectable-field-export-row input[type=checkbox]")) {
    box.checked = event.target.checked;
  }
}

/* The catalogue itself cannot be reached any more: jQuery's start replaces the object that holds it. */
const stockGettext = window.gettext;
if (stockGettext) {
  window.gettext = (text) => GERMAN[text] ?? stockGettext(text);
}

/* Before select2 starts: its lists open inside the main landmark instead of at the end of the page. */
for (const select of document.querySelectorAll("select.admin-autocomplete")) {
  select.dataset.dropdownParent = "#content-start";
}

/* After the stock scripts have built their widgets: some when jQuery is ready, some when the page is loaded. */
window.django?.jQuery?.(($) => {
  mend();
  $(document).on("select2:open", describeOpenAutocomplete);
});
window.addEventListener("load", mend);
document.addEventListener("formset:added", () => setTimeout(mend));
document.getElementById("select-all-toggle")?.addEventListener("change", selectAllExportFields);
