// The summary of what is wrong gets the focus, so that a screen reader reads it first.
document.querySelector("[data-focus]")?.focus();

// Browsers jump to a control without reliably giving it the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-focus] a[href^='#']");
  if (link) document.getElementById(link.hash.slice(1))?.focus();
});
