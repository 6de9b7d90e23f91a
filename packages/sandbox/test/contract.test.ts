import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { contractFile, renderContract, renderResources, resourcesFile } from '../contract.ts'
import { operations } from '../src/contract.gen.ts'

const source = await readFile(new URL(import.meta.resolve('@recoveryconnect/spec/openapi.yaml')), 'utf8')

test('what the kernel runs on is the contract of today', async () => {
  expect(await readFile(contractFile, 'utf8')).toBe(renderContract(source))
})

test('each tag of the contract has its file of behaviours', async () => {
  expect(await readFile(resourcesFile, 'utf8')).toBe(renderResources(source))
})

test('a parameter that the kernel does not carry out stops the generator', () => {
  const edited = source.replace(/(name: order_id\n\s+in: )path/, '$1query')
  expect(() => renderContract(edited)).toThrow(/query parameter order_id/)
})

test('every operation but the authentication call needs a token', () => {
  expect(operations.filter(({ secured }) => !secured).map(({ id }) => id)).toEqual(['createAccessToken'])
})
