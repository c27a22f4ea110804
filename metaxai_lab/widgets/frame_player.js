// A slider over frames that Python computed. With a kernel, without one, and offline it is the same.
const STAY = 900; // milliseconds a frame stays while playing
const calm = matchMedia("(prefers-reduced-motion: reduce)");

async function render({ model, el }) {
  const root = frame(el, "frame-player");
  const row = root.appendChild(make("div", "panels"));
  const titles = model.get("panels").map(({ title }) => title);
  const panels = await Promise.all(model.get("panels").map((each) => panel(row, each)));
  const { label, slider, button } = controls(root, model);
  const caption = root.appendChild(make("figcaption"));
  let timer = 0;

  function draw() {
    const index = model.get("index");
    const value = model.get("labels")[index];
    panels.forEach((each, i) => each.show(index, `${titles[i]}, ${model.get("slider")} ${value}`));
    slider.value = index;
    slider.setAttribute("aria-valuetext", value);
    label.textContent = `${model.get("slider")}: ${value}`;
    caption.textContent = model.get("captions")[index];
    root.dataset.frame = index;
    root.dataset.checksum = checksum(panels);
  }
  function go(index) {
    model.set("index", index);
    model.save_changes(); // to the kernel if there is one
  }
  function next() {
    const last = model.get("captions").length - 1;
    go(model.get("index") === last ? 0 : model.get("index") + 1);
    return model.get("index") < last;
  }
  function play() {
    timer = next() ? setTimeout(play, STAY) : 0;
    announce();
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    announce();
  }
  function announce() {
    // A reader of the screen hears each frame that was asked for, not those that run past.
    caption.setAttribute("aria-live", timer ? "off" : "polite");
    button.textContent = timer ? "Pause" : calm.matches ? "Next frame" : "Play";
  }
  function press() {
    if (timer) stop();
    else if (calm.matches) next();
    else play();
  }
  function slide() {
    stop();
    go(slider.valueAsNumber);
  }
  slider.addEventListener("input", slide);
  button.addEventListener("click", press);
  calm.addEventListener("change", stop);
  model.on("change:index", draw);
  announce();
  draw();
  root.dataset.frames = model.get("captions").length;
  return () => {
    stop();
    calm.removeEventListener("change", stop);
    model.off("change:index", draw);
  };
}

function controls(root, model) {
  const bar = root.appendChild(make("div", "controls"));
  const button = bar.appendChild(make("button"));
  button.type = "button";
  const label = bar.appendChild(make("label"));
  const slider = bar.appendChild(make("input"));
  slider.type = "range";
  slider.min = 0;
  slider.max = model.get("captions").length - 1;
  slider.step = 1;
  slider.setAttribute("aria-label", model.get("slider"));
  return { label, slider, button };
}

export default { render };
