// A tour of prodctl mcp with the Model Context Protocol's own client: it lists the tools and calls each of them.
//
// mcp.mjs SERVER CONFIG FOLDER, with GITLAB_HOST and GITLAB_TOKEN of a new sandbox with its usual world, for which CONFIG is the
// configuration; FOLDER has node_modules. It stops with 1 if an answer is wrong.

import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [server, config, folder] = process.argv.slice(2);
const load = createRequire(join(resolve(folder), 'tour.cjs'));
const part = (name) => import(pathToFileURL(load.resolve(`@modelcontextprotocol/sdk/client/${name}`)));
const { Client } = await part('index.js');
const { StdioClientTransport } = await part('stdio.js');

const version = JSON.parse(readFileSync(join(folder, 'node_modules/@modelcontextprotocol/sdk/package.json'))).version;
const counts = { passed: 0, failed: 0 };

// is checks one value; a pattern has to match it.
function is(what, got, want) {
  const ok = want instanceof RegExp ? want.test(got) : got === want;
  counts[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(`${what}: got ${JSON.stringify(got)}, want ${want instanceof RegExp ? want : JSON.stringify(want)}`);
}

const calls = {
  status: {},
  incident_list: { all: true },
  incident_show: { incident: '8', view: 'timeline' },
  change_list: { all: true },
  change_show: { change: '11' },
  change_gate: { criticality: 'C3' },
  handoff: {},
  budget: {},
  flow: {},
  board: {},
  timebox: {},
  plan_incident: { action: 'open', title: 'Registry returns 500s', severity: 'S2' },
  plan_change: { action: 'open', title: 'Move the registry', criticality: 'C3', start: '2018-08-24T18:00:00Z', duration: '30m' },
  plan_milestone: { action: 'roll' },
  plan_issue: { action: 'request', title: 'Access for Kim', why: 'new hire' },
};

const home = mkdtempSync(join(tmpdir(), 'prodctl-mcp-'));
const client = new Client({ name: 'tour', version: '1.0.0' });
try {
  await client.connect(
    new StdioClientTransport({
      command: server,
      args: ['--config', config, '--now', '2018-08-24T16:00:00Z', '--plans', join(home, 'plans')],
      env: { ...process.env, HOME: home },
    }),
  );
  is('name of the server', client.getServerVersion().name, 'prodctl');
  const { tools } = await client.listTools();
  const size = Math.ceil(JSON.stringify(tools).length / 4); // about 4 characters a token
  is(`definitions of ${tools.length} tools in about ${size} tokens`, tools.length <= 15 && size <= 4000, true);
  is('tools', tools.map((t) => t.name).sort().join(' '), Object.keys(calls).sort().join(' '));
  for (const { name, annotations } of tools) {
    is(`${name}: readOnlyHint`, annotations.readOnlyHint, !name.startsWith('plan_'));
    is(`${name}: destructiveHint`, annotations.destructiveHint, false);
    const { content, isError } = await client.callTool({ name, arguments: calls[name] });
    is(`${name}: ${content[0].text}`, isError ?? false, false);
    is(name, content[0].text, name.startsWith('plan_') ? /^Plan saved[^]*prodctl apply [^]*--digest [0-9a-f]{64}/ : /untrusted [^]* ends$/);
  }
  is('plans', readdirSync(join(home, 'plans')).length, 4);
  const wrong = await client.callTool({ name: 'incident_show', arguments: { incident: '99999' } });
  is('an incident that does not exist', [wrong.isError, wrong.content[0].text].join(), /^true,[^]*not found/);
} finally {
  await client.close();
  rmSync(home, { recursive: true, force: true });
}
console.log(`MCP SDK ${version}: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
