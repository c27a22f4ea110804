// A question before its answer: choose, then reveal. With a kernel, without one, and offline it is
// the same; with one, Python can read `chosen` and `revealed`.

async function render({ model, el }) {
  const root = frame(el, "predict-then-reveal");
  const before = await pictures(root.appendChild(make("div", "panels")), model.get("pictures"));
  const radios = question(root, model);
  const button = root.appendChild(make("button"));
  button.type = "button";
  const verdict = root.appendChild(make("p", "verdict"));
  verdict.setAttribute("role", "status");
  // below the question, which so stays where the reader's eyes are
  const after = await pictures(root.appendChild(make("div", "panels")), model.get("answers"));

  function draw() {
    const [chosen, revealed] = [model.get("chosen"), model.get("revealed")];
    radios.forEach((radio, index) => {
      radio.checked = index === chosen;
      radio.disabled = revealed;
    });
    for (const { el: hidden } of after) hidden.hidden = !revealed;
    button.textContent = revealed ? "Predict again" : "Reveal";
    verdict.textContent = revealed ? judge(model) : "";
    root.dataset.chosen = chosen;
    root.dataset.revealed = revealed;
    root.dataset.checksum = checksum(revealed ? [...before, ...after] : before);
  }
  function choose(index) {
    model.set("chosen", index);
    model.save_changes();
  }
  function press() {
    if (model.get("chosen") < 0) {
      verdict.textContent = "Choose an answer first.";
      return;
    }
    const again = model.get("revealed");
    model.set("revealed", !again);
    if (again) model.set("chosen", -1);
    model.save_changes();
  }
  radios.forEach((radio, index) => radio.addEventListener("change", () => choose(index)));
  button.addEventListener("click", press);
  model.on("change:chosen", draw);
  model.on("change:revealed", draw);
  draw();
  return () => {
    model.off("change:chosen", draw);
    model.off("change:revealed", draw);
  };
}

async function pictures(row, all) {
  const panels = await Promise.all(all.map((each) => panel(row, each)));
  panels.forEach((each, index) => each.show(0, all[index].alt));
  return panels;
}

function question(root, model) {
  const group = `predict-${Math.random().toString(36).slice(2)}`; // one name per view of the widget
  const box = root.appendChild(make("fieldset"));
  box.append(make("legend", "", model.get("question")));
  return model.get("options").map((option) => {
    const radio = make("input");
    radio.type = "radio";
    radio.name = group;
    const label = box.appendChild(make("label"));
    label.append(radio, make("span", "", option));
    return radio;
  });
}

function judge(model) {
  const [options, answer] = [model.get("options"), model.get("answer")];
  const right = model.get("chosen") === answer;
  const verdict = right ? "That is right." : `You predicted “${options[model.get("chosen")]}”.`;
  return `${verdict} The answer: “${options[answer]}”. ${model.get("because")}`;
}

export default { render };
