// Uses the admin page in Chromium: at desktop and phone width, light and dark, with what axe-core says of it, and presses its buttons.
//   node run.mjs [DIRECTORY]   DIRECTORY: where pictures go, to be looked at; without it there are none
//   CHROMIUM=FILE              the browser, if it is not /usr/bin/chromium
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import puppeteer from 'puppeteer-core'
import { startGateway, token } from './gateway.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pictures = process.argv[2]
const DEADLINE = { timeout: 15_000, polling: 50 }

function check (what, good, more = '') {
  if (!good) process.exitCode = 1
  console.log(good ? 'ok  ' : 'NOT ', what, more)
}

/** Whether `test` becomes true of the page before the deadline. */
async function becomes (page, what, test, ...values) {
  const good = await page.waitForFunction(test, DEADLINE, ...values).then(() => true, () => false)
  check(what, good)
}

/** What must hold of the page whatever it shows. */
async function checkView (page, name) {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true })
  await page.evaluate(axe)
  const found = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(v => `${v.id} ${v.nodes[0].target}`))
  check(`${name}: axe-core has nothing to say`, found.length === 0, found.join('; '))
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  check(`${name}: nothing is wider than the window`, beyond <= 0, beyond > 0 ? `${beyond} px` : '')
}

async function view (browser, name, width, scheme, use) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  page.on('pageerror', error => check(`${name}: its program runs`, false, error.message))
  await page.setViewport({ width, height: 900, deviceScaleFactor: 1 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await use(page)
  await checkView(page, name)
  await context.close()
}

async function signIn (page, url) {
  await page.goto(`${url}/#token=${token}`)
  await becomes(page, 'a chart has a line', () => (document.querySelector('#chart-requests path')?.getAttribute('d') ?? '').split('L').length > 3)
}

/** Presses a button that asks first, and says yes. */
async function press (page, button) {
  await page.locator(button).click() // again if it is drawn anew just then
  await page.waitForSelector('#ask-yes', { visible: true })
  await page.click('#ask-yes')
}

async function useButtons (page, url) {
  const endpoint = `[data-key="${await page.$eval('[data-action=drain]', button => button.dataset.key)}"]`
  const offers = (button, action) => document.querySelector(button)?.dataset.action === action
  const says = state => document.querySelector('#state').textContent === state
  await press(page, endpoint)
  await becomes(page, 'an endpoint is drained', offers, endpoint, 'resume')
  await press(page, endpoint)
  await becomes(page, 'an endpoint serves again', offers, endpoint, 'drain')
  await press(page, '#drain')
  await becomes(page, 'the proxy is drained', says, 'Draining')
  check('it is not ready then', (await fetch(`${url}/ready`)).status === 503)
  await press(page, '#drain')
  await becomes(page, 'the proxy is ready again', says, 'Ready')
  await press(page, '#purge')
  await becomes(page, 'the cache is purged', () => /\d stored responses are forgotten/.test(document.body.textContent))
  const events = await page.$$eval('#events .what', all => all.map(one => one.textContent))
  check('events tell of it', events.includes('endpoint-resumed'), events.slice(0, 5).join(' '))
}

async function seeChartsMove (page) {
  const line = await page.$eval('#chart-requests path', path => path.getAttribute('d'))
  await becomes(page, 'charts move', before => document.querySelector('#chart-requests path').getAttribute('d') !== before, line)
}

if (pictures) mkdirSync(pictures, { recursive: true })
const url = await startGateway()
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu']
})
await view(browser, 'sign-in-1280', 1280, 'light', page => page.goto(`${url}/`))
for (const [width, scheme] of [[1280, 'light'], [1280, 'dark'], [360, 'light'], [360, 'dark']]) {
  await view(browser, `page-${width}-${scheme}`, width, scheme, async page => {
    await signIn(page, url)
    await page.click('#cache-find button[type=submit]')
    await seeChartsMove(page)
  })
}
await view(browser, 'dialog-360-dark', 360, 'dark', async page => {
  await signIn(page, url)
  await page.locator('[data-action=drain]').click()
  await page.waitForSelector('#ask-yes', { visible: true })
})
await view(browser, 'buttons-1280', 1280, 'light', async page => {
  await signIn(page, url)
  await useButtons(page, url)
})
await browser.close()
process.exit()
