import { MigrationInterface, QueryRunner } from 'typeorm'

export class Title1709290000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "boats" ALTER COLUMN "title" SET NOT NULL`)
    await queryRunner.query(`
      ALTER TABLE "boats"
        ADD COLUMN "note" text,
        DROP COLUMN "length"
    `)
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "boats" ADD COLUMN "length" integer`)
    await queryRunner.query(`ALTER TABLE "boats" ALTER COLUMN "title" DROP NOT NULL`)
  }
}
