import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { contractFile, operationsFile, renderOperations } from '../generate.ts'

const contract = await readFile(contractFile, 'utf8')

test('the committed operations are those of the contract', async () => {
  expect(await readFile(operationsFile, 'utf8')).toBe(renderOperations(contract))
})
