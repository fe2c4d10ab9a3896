// SPDX-License-Identifier: Apache-2.0
// Everything that comes from a service goes into the page as text (textContent), never as HTML; the
// page's Content-Security-Policy would not let it run either.
'use strict';

const byId = (id) => document.getElementById(id);
const seen = { services: [], lastEvent: '', token: sessionStorage.getItem('hab-token') || '' };
const chosen = { group: '', tab: 'state' };
let stream = null;        // AbortController of /events
let reloadTimer = 0;
let wait = 0;             // before the next try to connect, in milliseconds
let logAllowed = true;
let drawing = 0;          // number of the latest drawing of the panel: late answers are dropped

/* ---- asking ---- */

class Refused extends Error {
  constructor(status, text) { super(text || 'the gateway answered ' + status); this.status = status; }
}

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (seen.token) headers.Authorization = 'Bearer ' + seen.token;
  const response = await fetch(path, { ...options, headers, cache: 'no-cache' });
  if (response.status === 401) { wantToken(); throw new Refused(401, 'the token is missing or wrong'); }
  if (!response.ok) throw new Refused(response.status, (await response.text()).trim());
  return response;
}

const askJson = async (path) => (await ask(path)).json();

function pathOf(group, detail) {
  const [name, organisation] = group.split('@');
  const parts = name.split('.').concat(organisation ? [organisation] : []);
  return '/services/' + parts.map(encodeURIComponent).join('/') + (detail ? '/' + detail : '');
}

/* ---- drawing ---- */

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = String(text);
  if (className) element.className = className;
  return element;
}

const current = () => seen.services.find((service) => service.service_group === chosen.group);
const counted = (number, what) => number + ' ' + what + (number === 1 ? '' : 's');
const since = (seconds) => new Date(seconds * 1000).toLocaleString();

function phaseClass(service) {
  if (service.phase === 'up') return service.ready === false ? 'warn' : 'good';
  if (service.phase === 'failed' || service.phase === 'backoff') return 'bad';
  return service.desired_state === 'Down' || service.phase === 'finished' ? '' : 'warn';
}

const healthClass = (word) => ({ Ok: 'good', Warning: 'warn', Critical: 'bad' })[word] || '';

function badges(service) {
  const line = make('span');
  line.append(make('span', service.phase, 'badge ' + phaseClass(service)));
  line.append(make('span', 'health ' + service.health_check.toLowerCase(), 'badge ' + healthClass(service.health_check)));
  if (service.restart_count > 0) line.append(make('span', counted(service.restart_count, 'restart'), 'badge warn'));
  return line;
}

const reason = (service) => service.failure || service.waiting_for || service.config_refused || '';

function drawList() {
  const list = byId('services');
  const focused = document.activeElement && document.activeElement.dataset.group;
  list.replaceChildren(...seen.services.map((service) => {
    const link = make('a');
    link.href = '#/' + encodeURIComponent(service.service_group);
    link.dataset.group = service.service_group;
    link.setAttribute('aria-current', String(service.service_group === chosen.group));
    link.append(make('strong', service.service_group), badges(service));
    if (reason(service)) link.append(make('small', reason(service)));
    const item = make('li');
    item.append(link);
    return item;
  }));
  if (focused) [...list.querySelectorAll('a')].find((a) => a.dataset.group === focused)?.focus();
  byId('count').textContent = seen.services.length ? '(' + seen.services.length + ')' : '';
  byId('empty').hidden = seen.services.length > 0;
  const system = seen.services.length ? seen.services[0].sys : null;
  if (system) byId('host').textContent = 'on ' + system.hostname + ', hab ' + system.version;
}

function drawDetail() {
  const service = current();
  byId('detail').hidden = !chosen.group;
  document.body.classList.toggle('chosen', Boolean(chosen.group));
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const selected = tab.dataset.tab === chosen.tab;
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
  }
  byId('panel').setAttribute('aria-labelledby', 'tab-' + chosen.tab);
  byId('name').textContent = chosen.group;
  document.title = (chosen.group ? chosen.group + ' - ' : '') + 'Supervisor';
  if (!chosen.group) return;
  if (!service) { show(make('p', 'This service is not loaded.', 'note')); return; }
  panels[chosen.tab](service, ++drawing).catch((error) => show(make('p', error.message, 'error')));
}

const show = (...elements) => byId('panel').replaceChildren(...elements);

const panels = {
  async state(service) {
    const list = make('dl');
    const row = (name, value) => {
      if (!value) return;  // nothing to say, or 0 of them
      const cell = make('dd');
      cell.append(value);
      list.append(make('dt', name), cell);
    };
    const last = service.last_process_state;
    row('State', badges(service));
    row('Why not up', service.failure || service.waiting_for);
    row('Configuration refused', service.config_refused);
    row('Wanted', service.desired_state.toLowerCase());
    row('Process', service.process.pid === null ? 'none' : String(service.process.pid));
    row(service.process.state === 'up' ? 'Up since' : 'Down since', since(service.process.state_entered));
    row('Ready', service.ready ? 'since ' + since(service.ready_since) : 'no');
    row('Restarts', String(service.restart_count));
    row('Next restart', service.next_restart_at && since(service.next_restart_at));
    row('Last end', last && 'process ' + last.pid + ' ' + last.termination_reason + ', ' + since(last.terminated_at));
    row('Package', service.pkg && service.pkg.ident);
    row('Topology', service.topology);
    row('Updates', service.update_strategy + (service.update_strategy === 'none' ? '' : ' from ' + service.channel));
    row('Binds', service.binds.join('\n'));
    row('Out of memory', service.oom_kills && counted(service.oom_kills, 'kill'));
    row('Limits not enforced', service.limits_not_enforced.join('\n'));
    show(list);
  },

  async log(service, drawn) {
    const answer = await askJson(pathOf(service.service_group, 'log?lines=300'));
    if (drawn !== drawing) return;
    const list = make('ol', null, 'log');
    list.id = 'log';
    list.tabIndex = 0;
    list.setAttribute('aria-label', 'The end of the log');
    for (const line of answer.lines) list.append(logLine(line.time, line.text, line.key === 'E'));
    show(list);
    list.scrollTop = list.scrollHeight;
  },

  async config(service, drawn) {
    const rows = await askJson(pathOf(service.service_group, 'config/origins'));
    if (drawn !== drawing) return;
    if (!rows.length) { show(make('p', 'This service has no configuration.', 'note')); return; }
    const table = make('table');
    const head = table.createTHead().insertRow();
    for (const title of ['Key', 'Value', 'Written in']) {
      const cell = make('th', title);
      cell.scope = 'col';
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of rows) {
      body.insertRow().append(make('td', row.path), make('td', row.value), make('td', row.origin || ''));
    }
    show(table);
  },

  async why(service, drawn) {
    const report = await askJson(pathOf(service.service_group, 'why'));
    if (drawn !== drawing) return;
    const chains = report.chains.map((chain) => {
      const article = make('article', null, chain.kind);
      const steps = make('ol');
      for (const step of chain.steps) {
        const item = make('li', step.text);
        if (step.output && step.output.length) item.append(make('pre', step.output.join('\n')));
        steps.append(item);
      }
      article.append(make('h3', chain.title), make('time', chain.time), steps);
      return article;
    });
    show(...(chains.length ? chains : [make('p', 'Nothing has happened yet.', 'note')]));
  },
};

function logLine(time, text, isError) {
  const item = make('li', null, isError ? 'err' : '');
  item.append(make('time', time.slice(11, 19)), text);
  return item;
}

function addLogLine(event) {
  const list = byId('log');
  if (!list || !chosen.group.startsWith(event.service + '.')) return;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(logLine(event.time, event.text, event.source === 'service_err'));
  while (list.children.length > 1000) list.firstChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

/* ---- staying up to date ---- */

function live(state, text) {
  byId('live').dataset.state = state;
  if (byId('live').textContent !== text) byId('live').textContent = text;
}

async function reload() {
  seen.services = await askJson('/services');
  byId('main').hidden = false;
  byId('token-form').hidden = true;
  drawList();
}

// Events come in bursts: one answer for all of them.
function reloadSoon(group) {
  if (group && chosen.group.startsWith(group + '.')) reloadSoon.detail = true;
  if (reloadTimer) return;
  reloadTimer = setTimeout(async () => {
    reloadTimer = 0;
    const detail = reloadSoon.detail;
    reloadSoon.detail = false;
    try {
      await reload();
      if (detail && chosen.tab !== 'log') drawDetail();
    } catch { /* the stream ends, too, and tells */ }
  }, 150);
}

function onEvent(type, text) {
  const event = JSON.parse(text);
  if (type === 'hello') return;
  if (type === 'log') addLogLine(event);
  else if (type === 'gap') refresh();
  else reloadSoon(event.service || chosen.group.split('.')[0]);
}

// EventSource cannot send the token, so the stream is read by hand.
async function readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '', type = '', data = [];
  for (;;) {
    // The gateway says something every 15 seconds; a connection that a sleeping computer has lost says nothing.
    const silence = setTimeout(() => stream.abort(), 45000);
    const { value, done } = await reader.read();
    clearTimeout(silence);
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('event: ')) type = line.slice(7);
      else if (line.startsWith('data: ')) data.push(line.slice(6));
      else if (line.startsWith('id: ')) seen.lastEvent = line.slice(4);
      else if (line === '') {
        if (data.length) onEvent(type, data.join('\n'));
        type = '';
        data = [];
      }
    }
  }
}

async function follow() {
  // Before the stream: a gateway that has no place for one more reader still tells what there is.
  await refresh();
  stream = new AbortController();
  const headers = seen.lastEvent ? { 'Last-Event-ID': seen.lastEvent } : {};
  const response = await ask(logAllowed ? '/events?log=1' : '/events', { headers, signal: stream.signal });
  await refresh();
  wait = 0;
  live('on', 'live');
  await readEvents(response);
}

async function refresh() {
  await reload();
  drawDetail();
}

async function run() {
  for (;;) {
    try {
      await follow();
    } catch (error) {
      if (error.status === 401) return;
      if (error.status === 403 && logAllowed) { logAllowed = false; continue; }
    } finally {
      // A stream that nobody reads keeps its place at the gateway and its connection in the browser.
      stream?.abort();
    }
    wait = Math.min(wait ? wait * 2 : 500, 10000);
    live('off', 'no answer, trying again');
    await new Promise((next) => setTimeout(next, wait));
  }
}

function wantToken() {
  byId('main').hidden = true;
  if (!byId('token-form').hidden || seen.token) byId('token-error').textContent = seen.token ? 'That is not the token.' : '';
  byId('token-form').hidden = false;
  live('wait', 'waiting for the token');
  byId('token').focus();
}

/* ---- steering ---- */

function readAddress() {
  let group = '', tab = '';
  try {
    [group, tab] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  } catch { /* not written by us: the list is shown */ }
  const before = chosen.group;
  chosen.group = group || '';
  chosen.tab = Object.hasOwn(panels, tab || '') ? tab : 'state';
  drawList();
  drawDetail();
  if (chosen.group && chosen.group !== before) byId('detail').focus({ preventScroll: true });
}

function go(group, tab) {
  location.hash = '#/' + encodeURIComponent(group) + (group && tab !== 'state' ? '/' + tab : '');
}

const tabNames = Object.keys(panels);

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === 'INPUT') return;
  const at = seen.services.findIndex((service) => service.service_group === chosen.group);
  const tab = Number(event.key);
  if (event.key === 'Escape') go('', 'state');
  else if (event.key === 'j' && at + 1 < seen.services.length) go(seen.services[at + 1].service_group, chosen.tab);
  else if (event.key === 'k' && at > 0) go(seen.services[at - 1].service_group, chosen.tab);
  else if (tab >= 1 && tab <= tabNames.length && chosen.group) go(chosen.group, tabNames[tab - 1]);
}

for (const tab of document.querySelectorAll('[role=tab]')) {
  tab.addEventListener('click', () => go(chosen.group, tab.dataset.tab));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabNames[(tabNames.indexOf(tab.dataset.tab) + step + tabNames.length) % tabNames.length];
    go(chosen.group, next);
    byId('tab-' + next).focus();
  });
}
byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  seen.token = byId('token').value;
  sessionStorage.setItem('hab-token', seen.token);
  byId('token').value = '';
  live('wait', 'connecting');
  run();
});
document.addEventListener('keydown', onKey);
window.addEventListener('hashchange', readAddress);
readAddress();
run();
