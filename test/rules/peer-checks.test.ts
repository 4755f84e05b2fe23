import { expect, test } from 'vitest'
import { checksWithoutRule } from '../../scripts/generate/peer-checks.ts'
import { rules } from '../../src/rules/registry.gen.ts'

/** The checks of other tools, as their code named them when they were read in 2026. */
const peers: Readonly<Record<string, string>> = {
  squawk: `
    adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-required-field
    adding-serial-primary-key-field ban-alter-domain-with-add-constraint ban-char-field
    ban-concurrent-index-creation-in-transaction ban-create-domain-with-constraint ban-drop-column
    ban-drop-database ban-drop-not-null ban-drop-table ban-duplicate-column-assignments ban-truncate-cascade
    ban-uncommitted-transaction changing-column-type constraint-missing-not-valid disallowed-unique-constraint
    identifier-too-long prefer-bigint-over-int prefer-bigint-over-smallint prefer-identity prefer-repack
    prefer-robust-stmts prefer-text-field prefer-timestamp-tz renaming-column renaming-table
    require-concurrent-index-creation require-concurrent-index-deletion require-concurrent-partition-detach
    require-concurrent-reindex require-enum-value-ordering require-lock-timeout require-statement-timeout
    require-table-schema syntax-error transaction-nesting unused-ignore`,
  strong_migrations: `
    add_check_constraint add_column_auto_incrementing add_column_default add_column_default_callable
    add_column_generated_stored add_column_json add_exclusion_constraint add_foreign_key add_index
    add_index_columns add_index_corruption add_reference add_unique_constraint auto_analyze backfilling
    change_column change_column_constraint change_column_default change_column_null change_table create_table
    disable_ddl_transaction lock_timeout remove_column remove_index remove_invalid_indexes rename_column
    rename_enum_value rename_schema rename_table statement_timeout validate_check_constraint
    validate_foreign_key`,
  online_migrations: `
    add_check_constraint add_column_auto_incrementing add_column_default add_column_generated_stored
    add_column_json add_exclusion_constraint add_foreign_key add_index add_index_columns add_index_corruption
    add_inheritance_column add_reference add_text_limit_constraint add_timestamps_with_default
    add_unique_constraint change_column change_column_constraint change_column_default change_column_null
    drop_table_multiple_foreign_keys mismatched_foreign_key_type multiple_foreign_keys remove_column
    remove_index rename_column rename_enum_value rename_schema rename_table replace_index
    short_primary_key_type validate_constraint`,
  eugene: `
    E1 E10 E11 E15 E2 E3 E4 E5 E6 E7 E8 E9 W12 W13 W14`,
  pgfence: `
    add-column-default-pre-pg11 add-column-inline-foreign-key add-column-json add-column-non-constant-default
    add-column-not-null-no-default add-column-serial add-column-stored-generated
    add-constraint-check-no-not-valid add-constraint-exclude add-constraint-fk-no-not-valid
    add-constraint-unique add-pk-without-using-index alter-column-set-not-null alter-column-type
    alter-enum-add-value alter-enum-no-ordering attach-partition ban-alter-domain-add-constraint
    ban-char-field ban-create-domain-with-constraint concurrent-in-transaction create-index-not-concurrent
    create-table-exclude-constraint create-trigger delete-without-where detach-partition
    detach-partition-concurrent drop-column drop-constraint drop-database drop-index-not-concurrent
    drop-not-null drop-schema drop-schema-cascade drop-table drop-trigger enable-disable-trigger
    fk-missing-index lock-timeout-after-dangerous lock-timeout-too-long lock-timeout-zero
    missing-application-name missing-idle-timeout missing-lock-timeout missing-statement-timeout
    not-valid-validate-same-tx prefer-bigint-over-int prefer-identity prefer-text-field prefer-timestamptz
    refresh-matview-blocking refresh-matview-concurrent reindex-non-concurrent rename-column rename-schema
    rename-table set-logged-unlogged statement-after-access-exclusive truncate truncate-cascade
    unclosed-transaction update-in-migration vacuum-full validate-constraint wide-lock-window`,
  atlas: `
    BC101 BC102 CD101 DS101 DS102 DS103 MF101 MF102 MF103 MF104 NM101 NM102 NM103 NM104 NM105 NM106 PG101
    PG102 PG103 PG104 PG105 PG301 PG302 PG303 PG304 PG305 PG306`,
  'postgres-language-server': `
    addSerialColumn addingFieldWithDefault addingForeignKeyConstraint addingNotNullField
    addingPrimaryKeyConstraint addingRequiredField avoidAddingExclusionConstraint avoidAlterEnumAddValue
    avoidAttachingPartition avoidCreateTrigger avoidEnableDisableTrigger avoidWideLockWindow banCharField
    banConcurrentIndexCreationInTransaction banDeleteWithoutWhere banDropColumn banDropDatabase banDropNotNull
    banDropSchema banDropTable banDropTrigger banTruncate banTruncateCascade banUpdateWithoutWhere
    banVacuumFull changingColumnType concurrentRefreshMatviewLock constraintMissingNotValid creatingEnum
    disallowUniqueConstraint lockTimeoutWarning multipleAlterTable preferBigInt preferBigintOverInt
    preferBigintOverSmallint preferIdentity preferJsonb preferRobustStmts preferTextField preferTimestamptz
    renamingColumn renamingTable requireConcurrentDetachPartition requireConcurrentIndexCreation
    requireConcurrentIndexDeletion requireConcurrentRefreshMatview requireConcurrentReindex
    requireIdleInTransactionTimeout requireSeparateConstraintValidation requireStatementTimeout
    runningStatementWhileHoldingAccessExclusive transactionNesting`,
  'safe-pg-migrations': `
    add_check_constraint add_column add_foreign_key add_index change_column_null drop_table remove_column
    remove_foreign_key remove_index`,
  'pg-schema-diff': `
    ACQUIRES_ACCESS_EXCLUSIVE_LOCK ACQUIRES_SHARE_LOCK ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK AUTHZ_UPDATE
    CORRECTNESS DELETES_DATA HAS_UNTRACKABLE_DEPENDENCIES IMPACTS_DATABASE_PERFORMANCE INDEX_DROPPED
    UPGRADING_EXTENSION_VERSION`,
  migrationpilot: `
    MP001 MP002 MP003 MP004 MP005 MP006 MP007 MP008 MP009 MP010 MP011 MP012 MP015 MP016 MP017 MP018 MP020
    MP021 MP022 MP023 MP024 MP025 MP026 MP027 MP028 MP029 MP030 MP031 MP032 MP033 MP034 MP035 MP036 MP037
    MP038 MP039 MP040 MP041 MP042 MP043 MP044 MP045 MP046 MP047 MP048 MP049 MP050 MP051 MP052 MP053 MP054
    MP055 MP056 MP057 MP058 MP059 MP060 MP061 MP062 MP063 MP064 MP065 MP066 MP067 MP068 MP069 MP070 MP071
    MP072 MP073 MP074 MP075 MP077 MP078 MP079 MP080 MP081 MP082 MP084 MP085 MP086 MP087 MP088 MP089 MP090
    MP091 MP092 MP093 MP094 MP095 MP096 MP097 MP098 MP099 MP100 MP103 MP105 MP106 MP107 MP108 MP109 MP110
    MP111 MP112`,
  pgsafe: `
    add-check-without-not-valid add-column-identity add-domain-constraint-without-not-valid
    add-domain-not-null add-primary-key-without-index concurrently-in-transaction
    create-table-without-primary-key enum-value-used-in-transaction foreign-key-without-index
    naming-convention rename require-columns require-comment set-access-method unchecked-do-block`,
}

const idsOf = (text: string): readonly string[] => text.trim().split(/\s+/)

test.each(Object.entries(peers))('each check of %s has a rule, or a reason why there is none', (tool, text) => {
  const sources = new Set(rules.flatMap((rule) => rule.sources))
  const reasons = new Set((checksWithoutRule[tool] ?? []).flatMap(([ids]) => idsOf(ids)))
  expect(idsOf(text).filter((id) => sources.has(`${tool}:${id}`) === reasons.has(id))).toEqual([])
})
