DROP TABLE "boats";
