// Boxes on pictures, by pointer or from the keyboard. What is drawn stays on the page; with a
// kernel, Python reads `boxes`.
const PEN = "#d55e00";

async function render({ model, el }) {
  const root = frame(el, "box-drawing");
  const row = root.appendChild(make("div", "panels"));
  const side = model.get("side");
  const panels = await Promise.all(model.get("pictures").map((each) => panel(row, each)));
  const canvases = panels.map(({ el: place }) => place.querySelector("canvas"));
  const said = root.appendChild(make("p", "verdict"));
  said.setAttribute("role", "status");
  const { fields, add, undo, clear } = tools(root);
  root.append(make("p", "note", "You can draw here. The boxes are used in JupyterLab: run the cell below there."));

  function draw() {
    const boxes = model.get("boxes");
    panels.forEach((each, number) => {
      const own = boxes.filter(([picture]) => picture === number);
      each.show(0, `picture ${number}, ${own.length} ${own.length === 1 ? "box" : "boxes"}`);
      const pen = canvases[number].getContext("2d");
      const unit = canvases[number].width / side;
      pen.strokeStyle = PEN;
      pen.lineWidth = unit / 2;
      for (const [, left, top, width, height] of own)
        pen.strokeRect((left + 0.25) * unit, (top + 0.25) * unit, (width - 0.5) * unit, (height - 0.5) * unit);
    });
    root.dataset.boxes = JSON.stringify(boxes);
  }
  function keep(boxes) {
    model.set("boxes", boxes);
    model.save_changes();
  }
  function put(box) {
    const cut = clip(box, side);
    if (!cut) {
      said.textContent = `The box [${box.join(", ")}] lies outside its picture of ${side} x ${side} pixels. Left and top go from 0 to ${side - 1}; width and height are at least 1.`;
      return;
    }
    keep([...model.get("boxes"), cut]);
    const whole = cut.every((value, place) => value === box[place]);
    said.textContent = `${whole ? "Added" : "Cut to the picture and added"}: picture ${cut[0]}, left ${cut[1]}, top ${cut[2]}, width ${cut[3]}, height ${cut[4]}.`;
  }
  function less(boxes, words) {
    keep(boxes);
    said.textContent = words;
  }
  canvases.forEach((canvas, number) => {
    const done = (box) => put([number, ...box]);
    drag(canvas, side, done, () => (said.textContent = "Drag from corner to corner: a click draws no box."));
  });
  add.addEventListener("click", () => {
    const box = fields.map((field) => Math.round(field.valueAsNumber));
    if (!box.every(Number.isFinite)) said.textContent = "A box is [picture, left, top, width, height]: five numbers.";
    else if (box[0] < 0 || box[0] >= panels.length)
      said.textContent = `The pictures are 0 to ${panels.length - 1}; the box names ${box[0]}.`;
    else put(box);
  });
  undo.addEventListener("click", () => less(model.get("boxes").slice(0, -1), "The last box is gone."));
  clear.addEventListener("click", () => less([], "All boxes are gone."));
  model.on("change:boxes", draw);
  draw();
  return () => model.off("change:boxes", draw);
}

// The part of a box that lies in the picture, or null.
function clip([picture, left, top, width, height], side) {
  const [right, bottom] = [Math.min(left + width, side), Math.min(top + height, side)];
  const [from, upper] = [Math.max(left, 0), Math.max(top, 0)];
  return right > from && bottom > upper ? [picture, from, upper, right - from, bottom - upper] : null;
}

// Two corners make a box; a pointer that leaves the picture goes on, and the box is cut later.
function drag(canvas, side, done, clicked) {
  let start = null;
  const at = (event) => {
    const place = canvas.getBoundingClientRect();
    return [
      Math.floor(((event.clientX - place.left) / place.width) * side),
      Math.floor(((event.clientY - place.top) / place.height) * side),
    ];
  };
  canvas.style.touchAction = "pinch-zoom"; // one finger draws, two scroll
  canvas.style.maxWidth = "calc(100% - 4rem)"; // beside it one finger scrolls
  canvas.style.cursor = "crosshair";
  canvas.addEventListener("pointerdown", (event) => {
    start = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [[x, y], [u, v]] = [start, at(event)];
    start = null;
    if (x === u && y === v) clicked();
    else done([Math.min(x, u), Math.min(y, v), Math.abs(x - u) + 1, Math.abs(y - v) + 1]);
  });
  canvas.addEventListener("pointercancel", () => (start = null));
}

function tools(root) {
  const bar = root.appendChild(make("div", "controls"));
  const fields = ["picture", "left", "top", "width", "height"].map((name) => {
    const label = bar.appendChild(make("label", "number", name));
    const field = label.appendChild(make("input"));
    field.type = "number";
    field.value = name === "width" || name === "height" ? 8 : 0;
    return field;
  });
  const [add, undo, clear] = ["Add box", "Undo", "Clear"].map((words) => {
    const button = bar.appendChild(make("button", "", words));
    button.type = "button";
    return button;
  });
  return { fields, add, undo, clear };
}

export default { render };
