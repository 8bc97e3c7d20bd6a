'use strict';

// Asks /api/live once a second and draws what it says. Nothing else is fetched but the pictures that it names.

const POLL_MILLIS = 1000;
const TIMEOUT_MILLIS = 5000;
const MIN_SPAN_SECONDS = 60;
const FONT = 'px system-ui, "DejaVu Sans", sans-serif';

const $ = id => document.getElementById(id);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colours = { a: '--s1', b: '--s2', c: '--s3' };

/** A plot's lines: column of the answer or function of an index, label, colour; told apart by dash as well. */
const PLOTS = {
  throughput: { lines: [['scored', 'scored', 'a'], ['deadLettered', 'dead letters', 'b']], floor: 0 },
  lag: { lines: [['lag', 'lag', 'a']], floor: 0 },
  rate: { lines: [[i => series.scored[i] > 0 ? 100 * series.anomalous[i] / series.scored[i] : null, 'flagged', 'a'], [() => alpha == null ? null : 100 * alpha, 'configured', 'b']], floor: 0 },
  scores: { lines: [['scoreP99', '99 %', 'b'], ['scoreP90', '90 %', 'c'], ['scoreP50', 'median', 'a']] },
  vae: { lines: [['vaeLoss', 'loss', 'a'], ['vaeReconstruction', 'reconstruction', 'b'], ['vaeKl', 'KL', 'c']], settles: true },
  gan: { lines: [['generatorLoss', 'generator', 'a'], ['discriminatorLoss', 'discriminator', 'b']], settles: true },
  accuracy: { lines: [['realAccuracy', 'real', 'a'], ['fakeAccuracy', 'generated', 'b']], floor: 0, ceiling: 1 },
};

let series = { time: [] };
let drifts = [];
let distribution = null;
let alpha = null;
let started = 0;
let range = 'recent';
let plots = {};

function text(id, value) {
  const element = $(id);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

function number(value, digits = 0) {
  return value == null ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function significant(value) {
  return value == null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function percent(value) {
  return (100 * value).toLocaleString('en', { maximumSignificantDigits: 2 }) + ' %';
}

function age(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  return seconds < 60 ? seconds + ' s' : seconds < 3600 ? Math.floor(seconds / 60) + ' min' : (seconds / 3600).toFixed(1) + ' h';
}

// ---- plots

/** Pixels of something that is so large beside text of the usual 15 px: a wall screen's text is larger. */
function scaled(pixels) {
  return Math.round(pixels * parseFloat(getComputedStyle(document.documentElement).fontSize) / 15);
}

function axis(more) {
  return { stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line'), size: 5 }, font: scaled(12) + FONT, ...more };
}

function compact(ticks) {
  return ticks.map(tick => tick == null ? '' : tick.toLocaleString('en', { notation: 'compact' }));
}

function timeTicks(u, ticks) {
  const seconds = ticks.length > 1 && ticks[1] - ticks[0] < 60;
  return ticks.map(tick => new Date(tick * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }));
}

/** Leaves out what the first steps of training throw up in a plot that settles, as long as it is not recent. */
function robustRange(plot, columns) {
  const values = [];
  for (const column of columns) {
    const recent = column.length - 30;
    column.forEach((value, i) => value != null && values.push([value, i >= recent]));
  }
  if (values.every(([value]) => value === 0)) {
    return [0, 1];
  }
  values.sort((a, b) => a[0] - b[0]);
  const cut = plot.settles && values.length > 200 ? Math.floor(values.length * 0.98) : values.length - 1;
  let max = values[cut][0];
  for (let i = cut; i < values.length; i++) {
    max = values[i][1] ? values[i][0] : max;
  }
  let min = values[0][0];
  if (plot.floor != null) {
    min = plot.floor;
  }
  if (plot.ceiling != null) {
    max = plot.ceiling;
  }
  const pad = (max - min || Math.abs(max) || 1) * 0.08;
  return [plot.floor ?? min - pad, plot.ceiling ?? max + pad];
}

function drawDrifts(u) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = css('--bad');
  ctx.lineWidth = devicePixelRatio * 1.5;
  ctx.font = scaled(11) * devicePixelRatio + FONT;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const drift of drifts) {
    const x = u.valToPos(drift.time / 1000, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText('drift', x + 4 * devicePixelRatio, bbox.top + scaled(11) * devicePixelRatio);
    }
  }
  ctx.restore();
}

function timePlot(figure, plot) {
  const column = of => typeof of === 'string' ? series[of] ?? [] : series.time.map((_, i) => of(i));
  const holder = { columns: () => [series.time.map(t => t / 1000), ...plot.lines.map(([of]) => column(of))] };
  const options = {
    ...size(figure),
    cursor: { sync: { key: 'time' }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { range: (u, min, max) => max == null ? [Date.now() / 1000 - MIN_SPAN_SECONDS, Date.now() / 1000] : [Math.min(min, max - MIN_SPAN_SECONDS), max] },
      y: { range: u => robustRange(plot, u.data.slice(1)) },
    },
    axes: [axis({ size: scaled(26), space: scaled(64), values: timeTicks }), axis({ size: scaled(46), space: scaled(26), values: (u, ticks) => compact(ticks) })],
    series: [{}, ...plot.lines.map(([, label, colour], i) => ({
      label, stroke: css(colours[colour]), width: 1.75, dash: [[], [8, 3], [2, 3]][i], points: { show: false },
      value: (u, value, of, at) => significant(at == null ? u.data[of].at(-1) : value), // the newest unless one points at another
    }))],
    hooks: { draw: [drawDrifts] },
  };
  holder.chart = new uPlot(options, holder.columns(), figure);
  holder.describe = () => plot.lines.map(([of, label]) => label + ' ' + significant(column(of).at(-1))).join(', ');
  return holder;
}

function powersOfTen(u, ticks) {
  return ticks.map(tick => Number.isInteger(Math.log10(tick)) ? tick : null);
}

function distributionPlot(figure) {
  let first = 0, last = Infinity; // while nothing is scored the axis stays as it was
  const columns = () => {
    const { lowest = 0, width = 1, counts = [] } = distribution ?? {};
    if (counts.some(count => count > 0)) {
      first = Math.max(0, counts.findIndex(count => count > 0) - 2);
      last = Math.min(counts.length, counts.findLastIndex(count => count > 0) + 3);
    }
    const bins = counts.slice(first, last);
    return [bins.map((_, i) => lowest + width * (first + i + 0.5)), bins.map(count => count > 0 ? count : null)];
  };
  const options = {
    ...size(figure),
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false }, y: { distr: 3, range: (u, min, max) => [0.7, Math.max(10, (max ?? 1) * 1.5)] } },
    axes: [axis({ size: scaled(26), space: scaled(40) }), axis({ size: scaled(46), space: scaled(20), filter: powersOfTen, grid: { stroke: css('--line'), width: 1, filter: powersOfTen }, ticks: { show: false }, values: (u, ticks) => compact(ticks) })],
    legend: { show: false },
    series: [{}, {
      label: 'records', stroke: css('--s1'), fill: css('--s1'), width: 0, points: { show: false },
      paths: uPlot.paths.bars({ size: [0.85, 40] }), value: (u, value) => number(value ?? 0),
    }],
  };
  const holder = { columns, chart: new uPlot(options, columns(), figure) };
  holder.describe = () => number((distribution?.counts ?? []).reduce((a, b) => a + b, 0)) + ' records in the last minute';
  return holder;
}

/** What the figure has left for the plot beside caption and legend. */
function size(figure) {
  const style = getComputedStyle(figure);
  const width = figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const legend = PLOTS[figure.dataset.plot] ? 26 : 0;
  const height = figure.clientHeight - figure.querySelector('figcaption').offsetHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - legend;
  return { width: Math.max(160, width), height: Math.max(90, height) };
}

function buildPlots() {
  for (const holder of Object.values(plots)) {
    holder.chart.destroy();
  }
  plots = {};
  for (const figure of document.querySelectorAll('figure[data-plot]')) {
    const name = figure.dataset.plot;
    plots[name] = PLOTS[name] ? timePlot(figure, PLOTS[name]) : distributionPlot(figure);
    plots[name].figure = figure;
    const canvas = figure.querySelector('canvas');
    canvas.setAttribute('role', 'img');
    plots[name].canvas = canvas;
  }
}

function drawPlots() {
  for (const { chart, columns, describe, canvas, figure } of Object.values(plots)) {
    chart.setData(columns());
    canvas.setAttribute('aria-label', figure.querySelector('figcaption').textContent + ': ' + describe());
  }
}

// ---- pictures and tables

function show(title, id, caption) {
  $('large-title').textContent = title;
  $('large-image').src = '/api/images/' + id;
  $('large-image').alt = title;
  $('large-text').textContent = caption;
  $('large').showModal();
}

/** Makes a list's items those of the answer, newest first; leaves what stays where it is, so that it neither flickers nor loses the focus. */
function pictures(listId, items, title, caption) {
  const list = $(listId);
  const present = new Map([...list.children].map(li => [li.dataset.id, li]));
  const wanted = items.map(item => {
    const key = started + '-' + item.id;
    let li = present.get(key);
    if (!li) {
      li = document.createElement('li');
      li.dataset.id = key;
      const button = document.createElement('button');
      button.type = 'button';
      const image = document.createElement('img');
      image.src = '/api/images/' + item.id;
      image.alt = title(item);
      const words = document.createElement('div');
      words.className = 'caption';
      for (const [tag, word] of caption(item)) {
        const element = document.createElement(tag);
        element.textContent = word;
        words.append(element);
      }
      button.addEventListener('click', () => show(title(item), item.id, [...words.children].map(e => e.textContent).join(' · ')));
      button.append(image, words);
      li.append(button);
    }
    return li;
  });
  for (const li of [...list.children].filter(li => !wanted.includes(li))) {
    li.remove();
  }
  wanted.forEach((li, i) => {
    if (list.children[i] !== li) {
      list.insertBefore(li, list.children[i] ?? null);
    }
  });
}

function clock(millis) {
  return new Date(millis).toLocaleTimeString('en-GB');
}

function partitionRow(p, now) {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = p.topic + '-' + p.partition;
  const state = document.createElement('td');
  const badge = document.createElement('span');
  badge.className = 'state' + (p.trainingStopped ? ' stopped' : p.state === 'TRAINING' || p.state === 'SCORING' ? '' : ' busy');
  badge.textContent = p.trainingStopped ? 'NOT TRAINING' : p.state || 'STARTING';
  state.append(badge, p.replayRemaining > 0 ? ' ' + number(p.replayRemaining) + ' left' : '');
  row.append(name, state);
  const snapshot = p.snapshotTime == null ? '–' : age(now - p.snapshotTime) + ' ago';
  for (const value of [number(p.step), number(p.lag), number(p.anomalous), snapshot]) {
    const cell = document.createElement('td');
    cell.textContent = value;
    row.append(cell);
  }
  return row;
}

function labelRow(count) {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = count.label;
  row.append(name);
  for (const value of [number(count.scored), number(count.anomalous), percent(count.anomalous / count.scored)]) {
    const cell = document.createElement('td');
    cell.textContent = value;
    row.append(cell);
  }
  return row;
}

// ---- the answer

function merge(fresh) {
  const limit = range === 'day' ? 1440 : 900;
  for (const [column, values] of Object.entries(fresh)) {
    series[column] = [...(series[column] ?? []), ...values].slice(-limit);
  }
}

function figures(data) {
  const { totals, partitions } = data;
  text('rate', number(series.scored?.at(-1)));
  text('scored', number(totals.scored));
  text('anomalous', number(totals.anomalous));
  const realised = totals.calibrated > 0 ? percent(totals.anomalous / totals.calibrated) : '';
  text('realised', realised && data.alpha != null ? realised + ' (' + percent(data.alpha) + ' configured)' : realised);
  text('deadLettered', number(totals.deadLettered));
  $('deadLettered').classList.toggle('alarm', totals.deadLettered > 0);
  text('lag', number(series.lag?.at(-1)));
  const steps = partitions.map(p => p.step).filter(step => step != null);
  text('step', steps.length ? number(Math.max(...steps)) : '–');
  text('steps', partitions.length + (partitions.length === 1 ? ' partition' : ' partitions'));
}

function health(data) {
  const { state, live, ready, detail } = data.health;
  document.body.className = !live ? 'dead' : ready ? 'ready' : '';
  text('state', state);
  text('detail', detail);
  text('application', data.application);
  document.title = 'Eddy ' + data.application + ': ' + state;
}

function render(data) {
  if (data.started !== started) {
    started = data.started;
    series = { time: [] };
  }
  merge(data.series);
  drifts = data.drifts;
  distribution = data.distribution;
  alpha = data.alpha;
  health(data);
  figures(data);
  drawPlots();
  const record = item => item.topic + '-' + item.partition + ' @ ' + item.offset;
  pictures('anomalies', data.anomalies,
    item => 'Anomaly ' + record(item) + ': input, reconstruction, error map',
    item => [['b', 'score ' + significant(item.score)], ['b', 'p ' + item.pValue.toPrecision(2)], ['span', record(item)], ['span', clock(item.time)]]);
  for (const kind of ['vae', 'gan']) {
    text(kind + '-step', data[kind].length ? 'step ' + number(data[kind][0].step) : '');
    pictures(kind, data[kind], item => kind.toUpperCase() + ' samples at step ' + number(item.step), item => [['span', 'step ' + number(item.step) + ', ' + clock(item.time)]]);
  }
  pictures('reconstructions', data.reconstructions, item => 'Ordinary record of ' + clock(item.time) + ': input, reconstruction', item => [['span', clock(item.time)]]);
  $('partitions').replaceChildren(...data.partitions.map(p => partitionRow(p, data.now)));
  $('label-part').hidden = !data.labels.length;
  $('labels').replaceChildren(...data.labels.sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true })).map(labelRow));
  $('drifts').replaceChildren(...drifts.map(drift => {
    const li = document.createElement('li');
    li.textContent = clock(drift.time) + '  ' + drift.topic + '-' + drift.partition + ', step ' + number(drift.step) + ': ' + drift.detail;
    return li;
  }));
}

let generation = 0;
let wake = () => {};

async function ask(since) {
  const response = await fetch('/api/live?range=' + range + '&since=' + since, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
  if (!response.ok) {
    throw new Error('status ' + response.status);
  }
  return response.json();
}

async function poll() {
  const asked = generation;
  let data = await ask(series.time.at(-1) ?? 0);
  if (data.started !== started) {
    data = await ask(0);
  }
  if (asked === generation) {
    render(data);
  }
}

async function follow() {
  for (;;) {
    try {
      if (!document.hidden) {
        await poll();
        document.documentElement.classList.remove('offline');
      }
    } catch (error) {
      document.documentElement.classList.add('offline');
      document.body.className = '';
      text('state', 'no answer, trying again');
      text('detail', '');
    }
    await new Promise(resolve => {
      wake = resolve;
      setTimeout(resolve, POLL_MILLIS);
    });
  }
}

for (const input of document.querySelectorAll('input[name=range]')) {
  input.addEventListener('change', () => {
    range = input.value;
    series = { time: [] };
    generation++;
    wake();
  });
}
document.addEventListener('visibilitychange', () => wake());
for (const look of ['(prefers-color-scheme: dark)', '(min-width: 2400px)']) { // colours, size of text
  matchMedia(look).addEventListener('change', () => { buildPlots(); drawPlots(); });
}
new ResizeObserver(() => {
  for (const { chart, figure } of Object.values(plots)) {
    chart.setSize(size(figure));
  }
}).observe(document.querySelector('.plots'));
buildPlots();
follow();
