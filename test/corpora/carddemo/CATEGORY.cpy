      ******************************************************************
      * CATEGORY: the balance of one transaction category of an account,
      * one record of TCATBALF.PS.
      ******************************************************************
       01  CATEGORY.
           05  CAT-ACCOUNT-ID             PIC X(11).
           05  CAT-TYPE                   PIC X(02).
           05  CAT-CODE                   PIC X(04).
           05  CAT-BALANCE                PIC S9(09)V99.
           05  FILLER                     PIC X(22).
