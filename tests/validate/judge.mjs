// The judges of what is printed: for each format a function that takes the text of a report and
// returns what is wrong with it, as lines, or promises to.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { memoryPages, validateXML } from 'xmllint-wasm';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const multitool = require('@microsoft/sarif-multitool');

// withFile calls f with the path of a file that holds text, for as long as it
// runs.
function withFile(name, text, f) {
  const dir = mkdtempSync(join(tmpdir(), 'cadre-judge-'));
  try {
    const path = join(dir, name);
    writeFileSync(path, text);
    return f(path);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// schema returns a judge by a JSON Schema.
function schema(file) {
  let check;
  return (text) => {
    if (!check) {
      const ajv = new Ajv({ allErrors: true, strict: false });
      addFormats(ajv);
      check = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
    }
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return [error.message];
    }
    return check(value) ? [] : check.errors.map((e) => `${e.instancePath || '/'} ${e.message}`);
  };
}

// The schema of the standard comes with the multitool.
const sarifSchema = schema(join(dirname(multitool), 'sarif-2.1.0.json'));

// sarifRules asks the multitool, which knows the rules that no schema says. It
// always exits with 0 and tells in its output.
function sarifRules(text) {
  if (process.platform !== 'win32') {
    chmodSync(multitool, 0o755); // its install script would do it
  }
  return withFile('report.sarif', text, (path) => {
    const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
    const run = spawnSync(multitool, ['validate', path, '--level', 'Error;Warning'], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.error || run.status !== 0 || !/Analysis completed successfully/.test(run.stdout)) {
      return [`the multitool failed: ${run.error ?? run.stdout + run.stderr}`];
    }
    return run.stdout.split('\n').filter((line) => / (error|warning) [A-Z]+\d+: /.test(line));
  });
}

// junit asks xmllint.
async function junit(text) {
  const xsd = join(here, 'schema', 'junit-4.xsd');
  const judged = await validateXML({
    xml: [{ fileName: 'report.xml', contents: text }],
    schema: [{ fileName: 'junit-4.xsd', contents: readFileSync(xsd, 'utf8') }],
    initialMemoryPages: memoryPages.defaultInitialPages * 4,
    maxMemoryPages: memoryPages.max,
  });
  return judged.valid ? [] : judged.errors.map((e) => e.rawMessage);
}

// github knows the form of a workflow command.
function github(text) {
  const property = '(?:file|line|endLine|col|endColumn|title)=(?:[^%,:\\r\\n]|%25|%2C|%3A|%0D|%0A)+';
  const command = new RegExp(`^::(?:error|warning|notice) ${property}(?:,${property})*::(?:[^%\\r]|%25|%0D|%0A)+$`);
  return text.split('\n').slice(0, -1).filter((line) => !command.test(line)).map((line) => `no workflow command: ${line}`);
}

// sarif asks the multitool, which takes seconds, only about what has the form.
function sarif(text) {
  const problems = sarifSchema(text);
  return problems.length > 0 ? problems : sarifRules(text);
}

export const judges = {
  sarif,
  gitlab: schema(join(here, 'schema', 'gitlab-code-quality.json')),
  junit,
  github,
};

// openapi judges the description of the API by Spectral. What it warns of counts
// as well.
export function openapi(text) {
  return withFile('openapi.json', text, (path) => {
    const run = spawnSync(join(here, 'node_modules', '.bin', 'spectral'),
      ['lint', '--ruleset', join(here, 'openapi.yaml'), '--fail-severity', 'warn', '--format', 'text', path], { encoding: 'utf8' });
    if (run.error) throw run.error;
    return run.status === 0 ? [] : run.stdout.split('\n').filter((line) => line !== '');
  });
}
