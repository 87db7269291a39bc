// A tour of prodctl mcp with the Model Context Protocol's own client: it lists the tools and calls each of them.
//
// mcp.mjs SERVER FOLDER, with GITLAB_HOST and GITLAB_TOKEN of a new sandbox with its usual world; FOLDER has node_modules. It stops with 1
// if an answer is wrong.

import { createRequire } from 'node:module';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [server, folder] = process.argv.slice(2);
const load = createRequire(join(resolve(folder), 'tour.cjs'));
const part = (name) => import(pathToFileURL(load.resolve(`@modelcontextprotocol/sdk/client/${name}`)));
const { Client } = await part('index.js');
const { StdioClientTransport } = await part('stdio.js');

const counts = { passed: 0, failed: 0 };

// is checks one value; a pattern has to match it.
function is(what, got, want) {
  const ok = want instanceof RegExp ? want.test(got) : got === want;
  counts[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(`${what}: got ${JSON.stringify(got)}, want ${want instanceof RegExp ? want : JSON.stringify(want)}`);
}

const calls = {
  status: {},
  incident_list: {},
  incident_show: { issue: '8' },
  change_list: {},
  change_show: { issue: '' },
  change_gate: { criticality: 'C3' },
  handoff: {},
  budget: {},
  flow: {},
  board: {},
  timebox: {},
  plan_incident: { verb: 'open', title: 'Registry returns 500s', severity: 'S2' },
  plan_change: {},
  plan_milestone: { verb: 'ensure' },
  plan_issue: {},
};

const home = mkdtempSync(join(tmpdir(), 'prodctl-mcp-'));
const client = new Client({ name: 'tour', version: '1.0.0' });
try {
  await client.connect(new StdioClientTransport({ command: server, args: process.argv.slice(4), env: { ...process.env, HOME: home }, stderr: 'inherit' }));
  const { tools } = await client.listTools();
  console.log(JSON.stringify(tools).length);
  for (const tool of tools) {
    console.log(tool.name, JSON.stringify(tool.annotations), JSON.stringify(tool.inputSchema));
  }
} finally {
  await client.close();
  rmSync(home, { recursive: true, force: true });
}
