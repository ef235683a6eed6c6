      ******************************************************************
      * DCLGEN TABLE(BANK.ACCOUNT)                                     *
      ******************************************************************
           EXEC SQL DECLARE BANK.ACCOUNT TABLE
           ( ACCOUNT_NO                     CHAR(10) NOT NULL,
             TITLE                          VARCHAR(40) NOT NULL,
             BALANCE                        DECIMAL(15, 2) NOT NULL,
             OPENED                         DATE NOT NULL
           ) END-EXEC.
       01  DCLACCOUNT.
           10 ACCOUNT-NO           PIC X(10).
           10 TITLE.
              49 TITLE-LEN         PIC S9(4) USAGE COMP.
              49 TITLE-TEXT        PIC X(40).
           10 BALANCE              PIC S9(13)V9(2) USAGE COMP-3.
           10 OPENED               PIC X(10).
      ******************************************************************
      * THE NUMBER OF COLUMNS DESCRIBED BY THIS DECLARATION IS 4       *
      ******************************************************************
