// Runs cadre in every format over pages that break careless printers, and over
// the folders on the command line, and gives what it prints, and what the server
// says of its API, to the judges. Then
// it spoils each report in several ways: a judge that lets one pass is no judge.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { judges, openapi } from './judge.mjs';
import { description } from './server.mjs';

const [, , binary, ...folders] = process.argv;
const cadre = resolve(binary);
let passed = 0;
let failed = 0;

// expect counts a check, and says what went wrong.
function expect(what, problems) {
  if (problems.length === 0) {
    passed++;
    return;
  }
  failed++;
  console.log(`FAIL ${what}`);
  for (const p of problems.slice(0, 10)) console.log(`     ${p}`);
  if (problems.length > 10) console.log(`     and ${problems.length - 10} more`);
}

// A page with findings of several rules, whatever is configured.
const page = `---
title: Berth Planner
---

# Berth Planner

Plans ships \u202e "quoted" <b>&amp; co</b>; see [the table](no-such-page.md) and [nothing]().

## Responsibilities

- You will agree on moorings, etc. [again](no-such-page.md) 漢字 \u0301

## Responsibilities

- [a {0} bracket](#no-such-anchor)
`;

// The names are what is hard: blanks, percent signs, separators of the formats.
const hostile = {
  'roles/berth planner.md': page,
  'roles/100% Übersee, Süd.md': page.replaceAll('\n', '\r\n'),
  'roles/a:b=c;d&e\'f"g<h>.md': page,
  'roles/scan #7.md': 'no text \u0000',
  'roles/calm.md': '# Calm\n\nNothing here.\n',
};

// print runs cadre check in a format and returns what it printed. Unreadable
// pages make it exit with 2, findings with 1: both are fine here.
function print(format, cwd, folder) {
  const run = spawnSync(cadre, ['check', '--format', format, folder], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error || run.status === null || run.status > 2 || run.stdout === '') {
    console.log(run.error ?? run.stderr);
    throw new Error(`cadre check --format ${format} ${folder} printed nothing`);
  }
  return run.stdout;
}

// check judges all formats over one folder and returns what was printed.
async function check(name, cwd, folder) {
  const texts = {};
  for (const [format, judge] of Object.entries(judges)) {
    texts[format] = print(format, cwd, folder);
    expect(`${name}: ${format} is valid`, await judge(texts[format]));
    expect(`${name}: ${format} is the same twice`, texts[format] === print(format, cwd, folder) ? [] : ['two runs differ']);
  }
  expect(`${name}: fingerprints`, fingerprints(texts));
  return texts;
}

// fingerprints compares those of SARIF and GitLab, which must be unique.
function fingerprints(texts) {
  const sarif = JSON.parse(texts.sarif).runs[0].results.map((r) => r.partialFingerprints['cadre/v1']);
  const gitlab = JSON.parse(texts.gitlab).filter((i) => i.check_name !== 'unread').map((i) => i.fingerprint);
  const problems = [];
  if (sarif.length === 0) problems.push('there are no findings');
  if (new Set(sarif).size !== sarif.length) problems.push('two findings share a fingerprint');
  if (sarif.join() !== gitlab.join()) problems.push('SARIF and GitLab disagree');
  return problems;
}

// json spoils a report that is JSON by a change of its value.
const json = (change) => (text) => {
  const value = JSON.parse(text);
  change(value);
  return JSON.stringify(value);
};

// What no judge may let pass, by format.
const spoilers = {
  sarif: {
    'a wrong version': json((v) => { v.version = '2.0.0'; }),
    'no message': json((v) => { delete v.runs[0].results[0].message; }),
    'an unknown level': json((v) => { v.runs[0].results[0].level = 'fatal'; }),
    'a rule out of range': json((v) => { v.runs[0].results[0].ruleIndex = 9999; }),
    'a path that is no URI': json((v) => { v.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = 'a b%.md'; }),
    'line 0': json((v) => { v.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0; }),
    'an unknown key': json((v) => { v.runs[0].results[0].colour = 'red'; }),
    'half a report': (text) => text.slice(0, text.length / 2),
  },
  gitlab: {
    'no fingerprint': json((v) => { delete v[0].fingerprint; }),
    'an unknown severity': json((v) => { v[0].severity = 'error'; }),
    'an absolute path': json((v) => { v[0].location.path = '/srv/a.md'; }),
    'a Windows path': json((v) => { v[0].location.path = 'roles\\a.md'; }),
    'a line that is text': json((v) => { v[0].location.lines.begin = '1'; }),
    'an object': (text) => `{"issues": ${text}}`,
  },
  junit: {
    'a control character': (text) => text.replace('<testcase name="', '<testcase name="\u0001'),
    'an unescaped quote': (text) => text.replace('classname="', 'classname=""'),
    'no name': (text) => text.replace('<testcase name=', '<testcase title='),
    'an unknown element': (text) => text.replace('</testsuites>', '<total/></testsuites>'),
    'half a report': (text) => text.slice(0, text.length / 2),
  },
  github: {
    'a bare percent sign': (text) => text.replace(/\n/, ' 5%\n'),
    'an unknown command': (text) => text.replace(/^::\w+ /, '::fatal '),
    'a message on two lines': (text) => text.replace(/\n/, '\nand more\n'),
  },
};

// What no judge of the API's description may let pass.
const spoiltDescriptions = {
  'an answer without words': json((v) => { delete Object.values(v.paths)[0].get.responses['200'].description; }),
  'an unknown reference': json((v) => { Object.values(v.paths)[0].get.responses['200'].content['application/json'].schema = { $ref: '#/components/schemas/Nothing' }; }),
  'an operation that is named twice': json((v) => { const [a, b] = Object.values(v.paths).filter((p) => p.get); a.get.operationId = b.get.operationId; }),
  'a parameter that is not there': json((v) => { v.paths['/api/v1/none/{id}'] = Object.values(v.paths)[0]; }),
  'half a description': (text) => text.slice(0, text.length / 2),
};

// checkAPI judges the description that a server gives of its API.
async function checkAPI() {
  const text = await description(cadre);
  expect('the description of the API is valid', openapi(text));
  for (const [way, spoil] of Object.entries(spoiltDescriptions)) {
    expect(`a description with ${way} is refused`, openapi(spoil(text)).length > 0 ? [] : ['the judge lets it pass']);
  }
}

const dir = mkdtempSync(join(tmpdir(), 'cadre-validate-'));
try {
  for (const [name, text] of Object.entries(hostile)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  await checkAPI();
  const texts = await check('hostile pages', dir, 'roles');
  for (const folder of folders) {
    await check(folder, process.cwd(), folder);
  }
  for (const [format, ways] of Object.entries(spoilers)) {
    for (const [way, spoil] of Object.entries(ways)) {
      const spoilt = spoil(texts[format]);
      const caught = spoilt !== texts[format] && (await judges[format](spoilt)).length > 0;
      expect(`${format} with ${way} is refused`, caught ? [] : ['the judge lets it pass']);
    }
  }
} finally {
  rmSync(dir, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
