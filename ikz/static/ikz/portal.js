// The summary of what is wrong gets the focus, so that a screen reader reads it first.
document.querySelector("[data-focus]")?.focus();
