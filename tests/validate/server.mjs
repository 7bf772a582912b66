// Starts a server of the demonstration, for as long as something is asked of it.

import { spawn } from 'node:child_process';

// description returns what a server says of its API.
export async function description(cadre) {
  const server = spawn(cadre, ['serve', '--demo', '--addr', '127.0.0.1:0', '--metrics-addr', ''], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => { server.on('exit', resolve); });
  try {
    const answer = await fetch(`${await ready(server)}/openapi.json`);
    if (answer.status !== 200) throw new Error(`the description of the API is answered ${answer.status}`);
    return await answer.text();
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

// ready returns the address of a server once it is ready.
function ready(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr.setEncoding('utf8');
    server.stderr.on('data', (text) => {
      said += text;
      const at = said.match(/Cadre is at (http:\S+)/);
      if (at) resolve(at[1].replace('localhost', '127.0.0.1'));
    });
    server.on('exit', () => reject(new Error(`the server ended:\n${said}`)));
  });
}
