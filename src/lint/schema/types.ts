import type {
  AddEnumValue,
  AlterDomain,
  AlterType,
  CreateDomain,
  CreateType,
  RenameEnumValue,
  RenameObject,
} from '../../model/fact.ts'
import type { ConstraintDefinition } from '../../model/constraint.ts'
import type { Need } from '../../model/facts/base.ts'
import type { TypeAttribute } from '../../model/facts/types.ts'
import type { Name } from '../../model/name.ts'
import type { Domain } from '../../model/schema.ts'
import type { Expression } from '../../model/type.ts'
import { resolvedCalls, resolvedIn } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { freeName, objectName } from './chosen-name.ts'
import { resolvedNeed } from './needs.ts'
import { followType } from './follow-type.ts'
import { typeAsName, withSchema } from './type-columns.ts'
import { alterTypedTables } from './typed-tables.ts'
import { createdName } from './views.ts'

export function createType(catalogue: Catalogue, fact: CreateType): void {
  const name = createdName(catalogue, fact.type, false)
  if (fact.form === 'enum') return catalogue.putEnum({ name, values: fact.values })
  const needs = (fact.needs ?? []).map((need) => resolvedNeed(catalogue, need))
  const { attributes } = fact
  const own = attributes === undefined ? {} : { attributes: attributes.map((one) => withSchema(catalogue, one)) }
  catalogue.putObject({ object: 'type', name, needs, uses: [], calls: [], ...own })
  if (fact.multirange === undefined) return
  const multirange = createdName(catalogue, fact.multirange, false)
  const range: Need = { object: 'type', name }
  catalogue.putObject({ object: 'type', name: multirange, needs: [range], uses: [], calls: [], partOf: true })
}

export function alterType(catalogue: Catalogue, fact: AlterType): void {
  const object = catalogue.object('type', fact.type)
  if (object?.attributes === undefined) return
  const { action, attribute, attributeName, attributeTo: to } = fact
  const others = object.attributes
  const put = (attributes: readonly TypeAttribute[]): void => catalogue.putObject({ ...object, attributes })
  if (fact.cascade) alterTypedTables(catalogue, fact)
  if (action === 'drop-attribute') return put(others.filter(({ name }) => name !== attributeName))
  if (action === 'rename-attribute' && to !== undefined)
    return put(others.map((one) => (one.name === attributeName ? { ...one, name: to } : one)))
  if (attribute === undefined) return
  const own = withSchema(catalogue, attribute)
  if (action === 'add-attribute') put([...others, own])
  if (action === 'alter-attribute') put(others.map((one) => (one.name === own.name ? own : one)))
}

export function addEnumValue(catalogue: Catalogue, fact: AddEnumValue): void {
  const type = catalogue.enumType(fact.type)
  if (type === undefined || type.values.includes(fact.value)) return
  const { placement } = fact
  const neighbour = placement === undefined ? -1 : type.values.indexOf(placement.neighbour)
  const at = neighbour === -1 ? type.values.length : neighbour + (placement?.where === 'after' ? 1 : 0)
  catalogue.putEnum({ ...type, values: type.values.toSpliced(at, 0, fact.value) })
}

export function renameEnumValue(catalogue: Catalogue, fact: RenameEnumValue): void {
  const type = catalogue.enumType(fact.type)
  if (type === undefined) return
  catalogue.putEnum({ ...type, values: type.values.map((value) => (value === fact.value ? fact.to : value)) })
}

export function createDomain(catalogue: Catalogue, fact: CreateDomain): void {
  const base = catalogue.domain(typeAsName(fact.type))
  const name = createdName(catalogue, fact.domain, false)
  const domain: Domain = {
    name,
    type: withSchema(catalogue, fact).type,
    notNull: fact.notNull,
    default: ownDefault(catalogue, fact.default ?? base?.default),
    constraints: new Map(),
  }
  catalogue.putDomain(fact.constraints.reduce((made, one) => withConstraint(catalogue, made, one), domain))
}

/** The server chooses names that no other constraint of the schema has. */
function withConstraint(catalogue: Catalogue, domain: Domain, constraint: ConstraintDefinition): Domain {
  if (constraint.type !== 'check') return domain
  const { schema } = domain.name
  const taken = (name: string): boolean =>
    domain.constraints.has(name) ||
    catalogue.constraintNameExists(schema, name) ||
    catalogue.domains().some((other) => other.name.schema === schema && other.constraints.has(name))
  const name = constraint.name ?? freeName(domain.name.name, '', 'check', taken)
  const functions = resolvedCalls(catalogue, constraint.expression.functions)
  return { ...domain, constraints: new Map(domain.constraints).set(name, { functions }) }
}

export function alterDomain(catalogue: Catalogue, fact: AlterDomain): void {
  const domain = catalogue.domain(fact.domain)
  if (domain === undefined) return
  switch (fact.action) {
    case 'set-not-null':
      return catalogue.putDomain({ ...domain, notNull: true })
    case 'drop-not-null':
      return catalogue.putDomain({ ...domain, notNull: false })
    case 'set-default':
      return catalogue.putDomain({ ...domain, default: ownDefault(catalogue, fact.default) })
    case 'drop-default':
      return catalogue.putDomain({ ...domain, default: undefined })
    case 'add-constraint':
      if (fact.constraint?.type === 'not-null') return catalogue.putDomain({ ...domain, notNull: true })
      return fact.constraint === undefined
        ? undefined
        : catalogue.putDomain(withConstraint(catalogue, domain, fact.constraint))
    case 'drop-constraint':
      return dropDomainConstraint(catalogue, domain, fact.constraintName ?? '')
    default:
  }
}

/** DEFAULT NULL takes away the default of the domain below. */
function ownDefault(catalogue: Catalogue, value: Expression | undefined): Expression | undefined {
  return value?.isNull === true ? undefined : resolvedIn(catalogue, value)
}

/** From PostgreSQL 17 on NOT NULL has a name too. */
function dropDomainConstraint(catalogue: Catalogue, domain: Domain, name: string): void {
  const constraints = new Map(domain.constraints)
  const isNotNull =
    !constraints.delete(name) && !catalogue.isBefore(17) && name === objectName(domain.name.name, '', 'not_null')
  catalogue.putDomain({ ...domain, constraints, notNull: domain.notNull && !isNotNull })
}

export function renameDomainConstraint(catalogue: Catalogue, fact: RenameObject): void {
  const domain = fact.table === undefined ? undefined : catalogue.domain(fact.table)
  const constraint = domain?.constraints.get(fact.name.name)
  if (domain === undefined || constraint === undefined) return
  const constraints = new Map(domain.constraints)
  constraints.delete(fact.name.name)
  catalogue.putDomain({ ...domain, constraints: constraints.set(fact.to, constraint) })
}

/** Gives a type another name, also wherever it is used. */
export function moveType(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const type = catalogue.enumType(from)
  const domain = catalogue.domain(from)
  const object = catalogue.object('type', from)
  if (type === undefined && domain === undefined && object === undefined) return
  followType(catalogue, from, to)
  if (type !== undefined) {
    catalogue.removeEnum(from)
    catalogue.putEnum({ ...type, name: to })
  }
  if (domain !== undefined) {
    catalogue.removeDomain(from)
    catalogue.putDomain({ ...domain, name: to })
  }
  if (object === undefined) return
  const current = catalogue.object('type', from) ?? object
  catalogue.removeObject(current)
  catalogue.putObject({ ...current, name: to })
}

/** DROP TYPE … CASCADE drops the columns that have it, and whatever else cannot be without it. */
export function removeType(catalogue: Catalogue, name: Required<Name>, cascade: boolean): void {
  const object = catalogue.object('type', name)
  catalogue.removeEnum(name)
  catalogue.removeDomain(name)
  if (object !== undefined) catalogue.removeObject(object)
  catalogue.noteGone({ object: 'type', name }, cascade)
  // A column of a type that is not told may have gone with it.
  if (cascade && catalogue.hasColumnsNotTold()) catalogue.complete = false
}
