      ******************************************************************
      * ACCOUNT: a card account, one record of ACCTDATA.PS.
      ******************************************************************
       01  ACCOUNT.
           05  ACCT-ID                    PIC X(11).
           05  ACCT-STATUS                PIC X(01).
               88  ACCT-ACTIVE            VALUE 'Y'.
               88  ACCT-INACTIVE          VALUE 'N'.
           05  ACCT-BALANCE               PIC S9(10)V99.
           05  ACCT-CREDIT-LIMIT          PIC S9(10)V99.
           05  ACCT-CASH-LIMIT            PIC S9(10)V99.
           05  ACCT-OPENED                PIC X(10).
           05  ACCT-EXPIRES               PIC X(10).
           05  ACCT-REISSUED              PIC X(10).
           05  ACCT-CYCLE-CREDIT          PIC S9(10)V99.
           05  ACCT-CYCLE-DEBIT           PIC S9(10)V99.
           05  ACCT-ZIP                   PIC X(10).
           05  ACCT-GROUP                 PIC X(10).
           05  FILLER                     PIC X(178).
