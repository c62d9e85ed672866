// The saving while one types, not binding. What counts is computed again when the page is saved (applications/savings.py).

const table = document.querySelector("[data-saving]");
const output = document.querySelector("[data-percent]");
const kinds = table.dataset.saving === "personnel" ? ["personnel"] : ["personnel", "material"];
const AMOUNT = /^(\d+|[1-9]\d{0,2}(?:[.  ]\d{3})+)(?:,(\d{1,2}))?$/;

// „1.234,5“ → 123450n cents; null while it is no amount.
function cents(text) {
  const found = AMOUNT.exec(text.trim().replace(/\s*(€|EUR)$/, ""));
  return found && BigInt(found[1].replace(/\D/g, "") + (found[2] ?? "").padEnd(2, "0"));
}

function sum(when) {
  const inputs = [...table.querySelectorAll(`[data-when=${when}]`)].filter((each) => kinds.includes(each.dataset.kind));
  const amounts = inputs.map((each) => cents(each.value));
  return amounts.includes(null) ? null : amounts.reduce((one, other) => one + other, 0n);
}

// Two decimals, cut off and never rounded up.
function percent() {
  const before = sum("before");
  const after = sum("after");
  if (before === null || after === null) return "–";
  const hundredths = before ? ((before - after) * 10000n) / before : 0n;
  const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, "0");
  return `${hundredths < 0n ? "−" : ""}${digits.slice(0, -2)},${digits.slice(-2)} %`;
}

table.addEventListener("input", () => { output.textContent = percent(); });
