CREATE TABLE "boats" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text
);
--> statement-breakpoint
CREATE INDEX "boats_name_idx" ON "boats" USING btree ("name");
