// Put into a page beside axe by tests/journeys/barriers.py, which says what for.

// What lies below an element, from the page up to itself; transparent ones add nothing.
function ground(element, grounds) {
  if (!element) return "";
  if (!grounds.has(element)) {
    const style = getComputedStyle(element);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join();
    const below = ground(element.parentElement, grounds);
    const addsNothing = own === "rgba(0, 0, 0, 0),none,1,none,normal" || below.endsWith(own);
    grounds.set(element, addsNothing ? below : `${below}/${own}`);
  }
  return grounds.get(element);
}

function letters(element) {
  const style = getComputedStyle(element);
  return [style.color, style.fontSize, style.fontWeight, style.fontStyle, style.textShadow].join();
}

// A link must be told from the words around it.
function distinction(link) {
  const style = getComputedStyle(link);
  return [style.textDecorationLine, style.borderBottom, letters(link.parentElement)].join();
}

// axe leaves out what cannot be used.
function isDisabled(element) {
  const control = element.closest("label")?.control ?? element;
  return control.matches(":disabled") || Boolean(element.closest("[aria-disabled=true]"));
}

// Every element that shows words → all that its contrast depends on. Of words on a picture axe never says anything.
function appearances() {
  const elements = new Set(document.querySelectorAll("input, select, textarea"));
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) if (words.currentNode.data.trim()) elements.add(words.currentNode.parentElement);
  const grounds = new Map(), found = new Map();
  for (const element of elements) {
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    if (getComputedStyle(element).backgroundImage !== "none") continue;
    const kind = element.localName === "a" ? distinction(element) : `${element.type ?? ""} ${isDisabled(element)}`;
    found.set(element, [letters(element), kind, ground(element, grounds)].join(" | "));
  }
  return found;
}

// Where it stands: what is hidden there is hidden on the next page too.
function place(element) {
  return element ? `${place(element.parentElement)} ${element.localName}.${element.className}` : "";
}

async function violations(context, runOnly) {
  // Without preload: it would copy style sheets into style elements, which the policy forbids.
  const results = await axe.run(context, {runOnly, resultTypes: ["violations"], preload: false});
  return results.violations;
}

// Judges the elements whose appearance is not known. Settled is how those look that passed, wherever they stand, and how
// those look that axe leaves out where they stand, such as words for screen readers alone; not what it doubts.
async function judgeColours(rules, known) {
  const isKnown = new Set(known);
  const asked = [...appearances()].filter(([element, appearance]) =>
    !isKnown.has(appearance) && !isKnown.has(appearance + place(element)));
  if (!asked.length) return {violations: [], settled: []};
  const options = {
    runOnly: {type: "rule", values: rules}, resultTypes: ["violations", "incomplete", "passes"],
    preload: false, elementRef: true,
  };
  const results = await axe.run({include: asked.map(([element]) => element)}, options);
  const elements = (outcome) => new Set(results[outcome].flatMap(({nodes}) => nodes.map(({element}) => element)));
  const doubtful = elements("incomplete"), passed = elements("passes");
  const settled = asked.filter(([element]) => !doubtful.has(element)).map(([element, appearance]) =>
    passed.has(element) ? appearance : appearance + place(element));
  return {violations: results.violations, settled: results.violations.length ? [] : [...new Set(settled)]};
}

// What is wrong with the page as it looks now; `rest` are the rules beside those of colours, or "all" with them.
async function look({all, rest, colours, known}) {
  const found = all ? await violations(document, {type: "tag", values: all})
    : rest.length ? await violations(document, {type: "rule", values: rest}) : [];
  const judged = colours.length ? await judgeColours(colours, known) : {violations: [], settled: []};
  const page = document.documentElement;
  return JSON.stringify({
    violations: [...found, ...judged.violations].flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`)),
    settled: judged.settled,
    tooWide: Math.max(0, page.scrollWidth - page.clientWidth),
  });
}
