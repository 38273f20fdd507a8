// Starts the launcher; it ends with this process, however that ends by itself.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { fileURLToPath } from 'node:url'

const jar = fileURLToPath(new URL('../target/tidegate.jar', import.meta.url))
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java'

/** Resolves to host and port once the proxy listens. */
export function startProxy (options) {
  if (!existsSync(jar)) throw new Error(`${jar} is missing: mvn package makes it`)
  const child = spawn(java, ['-ea', '-jar', jar, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`the proxy ended with ${code}`)))
    readline.createInterface({ input: child.stdout }).on('line', line => {
      const told = line.match(/ listens on (\S+):(\d+)$/)
      if (told) resolve({ host: told[1], port: Number(told[2]) })
    })
  })
}
